-- SPDX-License-Identifier: MIT
-- arpq.lua KNOWN NEIGHBOUR UNKNOWN - libarpq from LuaJIT: look up an IP address, list the table,
-- read events, ask a mirror, resolve a neighbour, and what a failure looks like.
-- arpq.lua --time KNOWN - nanoseconds of a lookup, in the best of 100 batches of 1000
local ffi = require("ffi")

ffi.cdef [[
struct arpq_handle; struct arpq_table; struct arpq_watch; struct arpq_mirror; struct arpq_filter;
struct arpq_options;
struct arpq_ip { uint8_t bytes[16]; uint32_t scope; uint16_t family, reserved; };
struct arpq_mac { uint8_t bytes[32]; uint16_t type; uint8_t length, origin; };
struct arpq_neigh {
    struct arpq_ip ip;
    struct arpq_mac mac;
    uint32_t ifindex, state, flags, probes, refcount;
    uint64_t confirmed_ms, used_ms, updated_ms;
    uint8_t protocol, type;
    uint16_t reserved16;
    uint32_t reserved[5];
};
struct arpq_event {
    uint32_t type, flags, old_state, old_flags;
    struct arpq_neigh neigh;
    struct arpq_mac old_mac;
    uint32_t reserved32;
    uint64_t interface_and_address[64];
    uint32_t reserved[10];
};
struct arpq_watch_options {
    uint32_t size, flags, receive_buffer, damping_ms, filter[32], reserved[8];
};
struct arpq_mirror_options {
    uint32_t size, flags, receive_buffer, damping_ms;
    void *on_event, *context;
    uint64_t reserved[4];
};
uint32_t arpq_abi(void);
size_t arpq_sizeof(const char *name);
const char *arpq_strerror(int code);
const char *arpq_name(uint32_t set, uint32_t value);
int arpq_open(struct arpq_handle **h, const struct arpq_options *options);
void arpq_close(struct arpq_handle *h);
int arpq_ip_parse(const char *text, struct arpq_ip *ip, uint32_t flags);
const char *arpq_ip_format(const struct arpq_ip *ip, char *text, size_t size);
const char *arpq_mac_format(const struct arpq_mac *mac, uint32_t style, char *text, size_t size);
int arpq_lookup(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                struct arpq_mac *mac);
int arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter, struct arpq_table **table);
uint32_t arpq_table_count(const struct arpq_table *table);
const struct arpq_neigh *arpq_table_at(const struct arpq_table *table, uint32_t n);
void arpq_table_free(struct arpq_table *table);
int arpq_watch_open(struct arpq_handle *h, struct arpq_watch **watch,
                    const struct arpq_watch_options *options);
int arpq_watch_next(struct arpq_watch *watch, struct arpq_event *event, int32_t timeout_ms);
void arpq_watch_close(struct arpq_watch *watch);
int arpq_mirror_open(struct arpq_handle *h, struct arpq_mirror **mirror,
                     const struct arpq_mirror_options *options);
int arpq_mirror_lookup(const struct arpq_mirror *mirror, const struct arpq_ip *ip, uint32_t ifindex,
                       struct arpq_mac *mac);
void arpq_mirror_close(struct arpq_mirror *mirror);
int arpq_resolve(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                 int32_t timeout_ms, struct arpq_neigh *neigh);
]]

local ABI = 0
local NAMES_STATE, NAMES_EVENT = 1, 3
local STATE_PERMANENT = 0x80
local WATCH_EXISTING, MIRROR_THREAD = 1, 1
local EVENT_SYNCED = 7

local lib = ffi.load(os.getenv("ARPQ_LIBRARY") or "libarpq.so.0")

-- Before any struct is passed: the library must have been compiled with the same ones.
if lib.arpq_abi() ~= ABI then
    error(("the library has ABI %d, this program was written for ABI %d"):format(lib.arpq_abi(), ABI), 0)
end
for _, name in ipairs { "ip", "mac", "neigh", "event", "watch_options", "mirror_options" } do
    local struct = "struct arpq_" .. name
    if tonumber(lib.arpq_sizeof(struct)) ~= ffi.sizeof(struct) then
        error(struct .. " has another size in the library", 0)
    end
end

local function check(code, subject)
    if code < 0 then
        error(subject .. ": " .. ffi.string(lib.arpq_strerror(code)), 0)
    end
    return code
end

local function to_ip(text)
    if type(text) ~= "string" then error("an IP address must be a string", 0) end
    local ip = ffi.new("struct arpq_ip")
    check(lib.arpq_ip_parse(text, ip, 0), text)
    return ip
end

local buffer = ffi.new("char[96]")

local function ip_text(ip)
    return ffi.string(lib.arpq_ip_format(ip, buffer, 96))
end

local function mac_text(mac)
    return ffi.string(lib.arpq_mac_format(mac, 0, buffer, 96))
end

local function name(set, value)
    return ffi.string(lib.arpq_name(set, value))
end

-- made(KIND, CLOSE, MAKE) - the object that MAKE writes to its argument, closed when it is collected
local function made(kind, close, make)
    local out = ffi.new("struct arpq_" .. kind .. "*[1]")
    check(make(out), kind)
    return ffi.gc(out[0], close)
end

local Handle = {}
Handle.__index = Handle

function Handle.open()
    local h = made("handle", lib.arpq_close, function(out) return lib.arpq_open(out, nil) end)
    return setmetatable({ h = h }, Handle)
end

function Handle:pointer()
    return self.h or error("the handle is closed: open another one", 0)
end

function Handle:close()
    if self.h then
        lib.arpq_close(ffi.gc(self.h, nil))
        self.h = nil
    end
end

function Handle:lookup(ip)
    local mac = ffi.new("struct arpq_mac")
    check(lib.arpq_lookup(self:pointer(), to_ip(ip), 0, 0, mac), ip)
    return mac_text(mac)
end

function Handle:resolve(ip, timeout_ms)
    local neigh = ffi.new("struct arpq_neigh")
    check(lib.arpq_resolve(self:pointer(), to_ip(ip), 0, 0, timeout_ms, neigh), ip)
    return mac_text(neigh.mac)
end

if arg[1] == "--time" then
    local handle, best = Handle.open(), math.huge
    for _ = 1, 100 do
        local start = os.clock()
        for _ = 1, 1000 do handle:lookup(arg[2]) end
        best = math.min(best, os.clock() - start)
    end
    print(math.floor(best * 1e6))
    os.exit(0)
end

local known, neighbour, unknown = unpack(arg)
known, neighbour, unknown = known or "192.0.2.9", neighbour or "192.0.2.2", unknown or "192.0.2.77"
local handle = Handle.open()
print("lookup", known, handle:lookup(known))

local list = made("table", lib.arpq_table_free, function(out)
    return lib.arpq_table_get(handle:pointer(), nil, out)
end)
for n = 0, lib.arpq_table_count(list) - 1 do
    local neigh = lib.arpq_table_at(list, n)
    if neigh.state == STATE_PERMANENT then
        print("list", ip_text(neigh.ip), mac_text(neigh.mac), name(NAMES_STATE, neigh.state))
    end
end

local options = ffi.new("struct arpq_watch_options")
options.size, options.flags = ffi.sizeof(options), WATCH_EXISTING
local watch = made("watch", lib.arpq_watch_close, function(out)
    return lib.arpq_watch_open(handle:pointer(), out, options)
end)
local event = ffi.new("struct arpq_event")
repeat
    if check(lib.arpq_watch_next(watch, event, 5000), "watch") == 0 then
        error("no event within 5 s", 0)
    end
    if event.type == EVENT_SYNCED or event.neigh.state == STATE_PERMANENT then
        print("event", name(NAMES_EVENT, event.type), ip_text(event.neigh.ip))
    end
until event.type == EVENT_SYNCED

local mirror_options = ffi.new("struct arpq_mirror_options")
mirror_options.size, mirror_options.flags = ffi.sizeof(mirror_options), MIRROR_THREAD
local mirror = made("mirror", lib.arpq_mirror_close, function(out)
    return lib.arpq_mirror_open(handle:pointer(), out, mirror_options)
end)
local mac = ffi.new("struct arpq_mac")
check(lib.arpq_mirror_lookup(mirror, to_ip(known), 0, mac), known)
print("mirror", known, mac_text(mac))

print("resolve", neighbour, handle:resolve(neighbour, 3000))

for _, wrong in ipairs { unknown, "192.0.2", 5 } do
    print("error", (select(2, pcall(Handle.lookup, handle, wrong))))
end
handle:close()
print("error", (select(2, pcall(handle.lookup, handle, known))))
