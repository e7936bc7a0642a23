# frozen_string_literal: true
# SPDX-License-Identifier: MIT
# arpq.rb KNOWN NEIGHBOUR UNKNOWN - libarpq from Ruby, with the gem ffi: look up an IP address, list
# the table, read events, ask a mirror, resolve a neighbour, and what a failure looks like.
# arpq.rb --time KNOWN - nanoseconds of a lookup, in the best of 100 batches of 1000
require "ffi"

module Arpq
  extend FFI::Library
  ffi_lib ENV.fetch("ARPQ_LIBRARY", "libarpq.so.0")

  ABI = 0
  NAMES_STATE = 1
  NAMES_EVENT = 3
  STATE_PERMANENT = 0x80
  WATCH_EXISTING = 1
  MIRROR_THREAD = 1
  EVENT_SYNCED = 7

  class Ip < FFI::Struct
    layout :bytes, [:uint8, 16], :scope, :uint32, :family, :uint16, :reserved, :uint16
  end

  class Mac < FFI::Struct
    layout :bytes, [:uint8, 32], :type, :uint16, :length, :uint8, :origin, :uint8
  end

  class Neigh < FFI::Struct
    layout :ip, Ip, :mac, Mac, :ifindex, :uint32, :state, :uint32, :flags, :uint32,
           :probes, :uint32, :refcount, :uint32, :confirmed_ms, :uint64, :used_ms, :uint64,
           :updated_ms, :uint64, :protocol, :uint8, :type, :uint8, :reserved16, :uint16,
           :reserved, [:uint32, 5]
  end

  class Event < FFI::Struct
    layout :type, :uint32, :flags, :uint32, :old_state, :uint32, :old_flags, :uint32,
           :neigh, Neigh, :old_mac, Mac, :reserved32, :uint32,
           :interface_and_address, [:uint64, 64], :reserved, [:uint32, 10]
  end

  class WatchOptions < FFI::Struct
    layout :size, :uint32, :flags, :uint32, :receive_buffer, :uint32, :damping_ms, :uint32,
           :filter, [:uint32, 32], :reserved, [:uint32, 8]
  end

  class MirrorOptions < FFI::Struct
    layout :size, :uint32, :flags, :uint32, :receive_buffer, :uint32, :damping_ms, :uint32,
           :on_event, :pointer, :context, :pointer, :reserved, [:uint64, 4]
  end

  attach_function :arpq_abi, [], :uint32
  attach_function :arpq_sizeof, [:string], :size_t

  # Before any struct is passed: the library must have been compiled with the same ones.
  unless arpq_abi == ABI
    abort "the library has ABI #{arpq_abi}, this program was written for ABI #{ABI}"
  end
  { "arpq_ip" => Ip, "arpq_mac" => Mac, "arpq_neigh" => Neigh, "arpq_event" => Event,
    "arpq_watch_options" => WatchOptions, "arpq_mirror_options" => MirrorOptions }.each do |name, type|
    abort "struct #{name} has another size in the library" unless arpq_sizeof(name) == type.size
  end

  attach_function :arpq_strerror, [:int], :string
  attach_function :arpq_name, %i[uint32 uint32], :string
  attach_function :arpq_open, %i[pointer pointer], :int
  attach_function :arpq_close, [:pointer], :void
  attach_function :arpq_ip_parse, %i[string pointer uint32], :int
  attach_function :arpq_ip_format, %i[pointer pointer size_t], :string
  attach_function :arpq_mac_format, %i[pointer uint32 pointer size_t], :string
  attach_function :arpq_lookup, %i[pointer pointer uint32 uint32 pointer], :int
  attach_function :arpq_table_get, %i[pointer pointer pointer], :int
  attach_function :arpq_table_count, [:pointer], :uint32
  attach_function :arpq_table_at, %i[pointer uint32], :pointer
  attach_function :arpq_table_free, [:pointer], :void
  attach_function :arpq_watch_open, %i[pointer pointer pointer], :int
  attach_function :arpq_watch_next, %i[pointer pointer int32], :int, blocking: true
  attach_function :arpq_watch_close, [:pointer], :void
  attach_function :arpq_mirror_open, %i[pointer pointer pointer], :int
  attach_function :arpq_mirror_lookup, %i[pointer pointer uint32 pointer], :int
  attach_function :arpq_mirror_close, [:pointer], :void
  attach_function :arpq_resolve, %i[pointer pointer uint32 uint32 int32 pointer], :int, blocking: true

  def self.check(code, subject)
    return code if code >= 0

    raise SystemCallError.new("#{subject}: #{arpq_strerror(code)}", -code)
  end

  def self.ip(text)
    raise TypeError, "an IP address must be a String" unless text.is_a?(String)

    Ip.new.tap { |ip| check(arpq_ip_parse(text, ip, 0), text) }
  end

  def self.ip_text(ip)
    FFI::MemoryPointer.new(96) { |text| return arpq_ip_format(ip, text, 96) }
  end

  def self.mac_text(mac)
    FFI::MemoryPointer.new(96) { |text| return arpq_mac_format(mac, 0, text, 96) }
  end

  # The object that the block makes at a pointer, closed when it is collected.
  def self.made(close, subject)
    FFI::MemoryPointer.new(:pointer) do |out|
      check(yield(out), subject)
      return FFI::AutoPointer.new(out.read_pointer, method(close))
    end
  end

  class Handle
    def initialize
      @pointer = Arpq.made(:arpq_close, "open") { |out| Arpq.arpq_open(out, nil) }
    end

    def pointer
      @pointer or raise IOError, "the handle is closed: open another one"
    end

    def close
      @pointer&.free
      @pointer = nil
    end

    def lookup(ip)
      mac = Mac.new
      Arpq.check(Arpq.arpq_lookup(pointer, Arpq.ip(ip), 0, 0, mac), ip)
      Arpq.mac_text(mac)
    end

    def resolve(ip, timeout_ms)
      neigh = Neigh.new
      Arpq.check(Arpq.arpq_resolve(pointer, Arpq.ip(ip), 0, 0, timeout_ms, neigh), ip)
      Arpq.mac_text(neigh[:mac])
    end

    def each_neighbour
      list = Arpq.made(:arpq_table_free, "table") { |out| Arpq.arpq_table_get(pointer, nil, out) }
      Arpq.arpq_table_count(list).times { |n| yield Neigh.new(Arpq.arpq_table_at(list, n)) }
    end

    # The entries that are there, then the changes. Waits five seconds for each.
    def each_event
      options = WatchOptions.new
      options[:size] = options.size
      options[:flags] = WATCH_EXISTING
      watch = Arpq.made(:arpq_watch_close, "watch") { |out| Arpq.arpq_watch_open(pointer, out, options) }
      event = Event.new
      yield event while Arpq.check(Arpq.arpq_watch_next(watch, event, 5000), "watch") == 1
    end

    def mirror
      options = MirrorOptions.new
      options[:size] = options.size
      options[:flags] = MIRROR_THREAD
      Arpq.made(:arpq_mirror_close, "mirror") { |out| Arpq.arpq_mirror_open(pointer, out, options) }
    end
  end
end

def show(*words)
  puts words.join("\t")
end

if ARGV[0] == "--time"
  handle = Arpq::Handle.new
  times = Array.new(100) do
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond)
    1000.times { handle.lookup(ARGV[1]) }
    Process.clock_gettime(Process::CLOCK_MONOTONIC, :nanosecond) - start
  end
  puts times.min / 1000
  exit
end

known = ARGV[0] || "192.0.2.9"
neighbour = ARGV[1] || "192.0.2.2"
unknown = ARGV[2] || "192.0.2.77"
handle = Arpq::Handle.new
show("lookup", known, handle.lookup(known))

handle.each_neighbour do |neigh|
  next unless neigh[:state] == Arpq::STATE_PERMANENT

  show("list", Arpq.ip_text(neigh[:ip]), Arpq.mac_text(neigh[:mac]),
       Arpq.arpq_name(Arpq::NAMES_STATE, neigh[:state]))
end

handle.each_event do |event|
  synced = event[:type] == Arpq::EVENT_SYNCED
  if synced || event[:neigh][:state] == Arpq::STATE_PERMANENT
    show("event", Arpq.arpq_name(Arpq::NAMES_EVENT, event[:type]), Arpq.ip_text(event[:neigh][:ip]))
  end
  break if synced
end

mirror = handle.mirror
mac = Arpq::Mac.new
Arpq.check(Arpq.arpq_mirror_lookup(mirror, Arpq.ip(known), 0, mac), known)
show("mirror", known, Arpq.mac_text(mac))

show("resolve", neighbour, handle.resolve(neighbour, 3000))

[unknown, "192.0.2", 5].each do |wrong|
  handle.lookup(wrong)
rescue SystemCallError, TypeError => e
  show("error", e.message)
end
handle.close
begin
  handle.lookup(known)
rescue IOError => e
  show("error", e.message)
end
