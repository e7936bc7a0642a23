// SPDX-License-Identifier: MIT
// Written by bindings/rust/generate from include/arpq-abi.json.
use std::os::raw::{c_char, c_int, c_void};

pub const ARPQ_VERSION_MAJOR: u32 = 0;
pub const ARPQ_VERSION_MINOR: u32 = 1;
pub const ARPQ_VERSION_PATCH: u32 = 0;
pub const ARPQ_VERSION_NUMBER: u32 = 256;
pub const ARPQ_ABI: u32 = 0;
pub const ARPQ_IP_STRLEN: u32 = 64;
pub const ARPQ_MAC_STRLEN: u32 = 96;
pub const ARPQ_PREFIX_STRLEN: u32 = 68;
pub const ARPQ_DETAIL_STRLEN: u32 = 160;
pub const ARPQ_IFNAME_SIZE: u32 = 16;
pub const ARPQ_MAC_MAX: u32 = 32;
pub const ARPQ_FOREVER: u32 = 4294967295;
pub const ARPQ_ORIGIN_TABLE: u32 = 0;
pub const ARPQ_ORIGIN_GATEWAY: u32 = 1;
pub const ARPQ_ORIGIN_LOCAL: u32 = 2;
pub const ARPQ_ORIGIN_MULTICAST: u32 = 3;
pub const ARPQ_ORIGIN_BROADCAST: u32 = 4;
pub const ARPQ_IP_CLASSIC: u32 = 1;
pub const ARPQ_MAC_COLON: u32 = 0;
pub const ARPQ_MAC_DASH: u32 = 1;
pub const ARPQ_MAC_CISCO: u32 = 2;
pub const ARPQ_MAC_BARE: u32 = 3;
pub const ARPQ_MAC_UPPER: u32 = 16;
pub const ARPQ_OPEN_IN_NETNS: u32 = 1;
pub const ARPQ_OPEN_INTERRUPTIBLE: u32 = 2;
pub const ARPQ_NAMES_STATE: u32 = 1;
pub const ARPQ_NAMES_NEIGH_FLAG: u32 = 2;
pub const ARPQ_NAMES_EVENT: u32 = 3;
pub const ARPQ_NAMES_EVENT_FLAG: u32 = 4;
pub const ARPQ_NAMES_SNIFFED: u32 = 5;
pub const ARPQ_NAMES_SNIFFED_FLAG: u32 = 6;
pub const ARPQ_NAMES_FOUND_FLAG: u32 = 7;
pub const ARPQ_NAMES_ARP_OPERATION: u32 = 8;
pub const ARPQ_NAMES_ARP_KIND: u32 = 9;
pub const ARPQ_NAMES_ARP_FLAG: u32 = 10;
pub const ARPQ_NAMES_ICMP_FLAG: u32 = 11;
pub const ARPQ_NAMES_OPERSTATE: u32 = 12;
pub const ARPQ_NAMES_LINK_MODE: u32 = 13;
pub const ARPQ_NAMES_SCOPE: u32 = 14;
pub const ARPQ_NAMES_ADDRESS_FLAG: u32 = 15;
pub const ARPQ_NAMES_ADDRESS_PROTOCOL: u32 = 16;
pub const ARPQ_NAMES_INTERFACE_FLAG: u32 = 17;
pub const ARPQ_NAMES_LINK_TYPE: u32 = 18;
pub const ARPQ_NAMES_PROTOCOL: u32 = 19;
pub const ARPQ_NAMES_SWEEP_METHOD: u32 = 20;
pub const ARPQ_NAMES_TABLE_FLAG: u32 = 21;
pub const ARPQ_NAMES_PING_FLAG: u32 = 22;
pub const ARPQ_NAMES_ERROR: u32 = 23;
pub const ARPQ_NAMES_MAC_STYLE: u32 = 24;
pub const ARPQ_NAMES_INTERFACE_TEXT: u32 = 25;
pub const ARPQ_NAMES_IP_PARSE: u32 = 26;
pub const ARPQ_NAMES_OPEN: u32 = 27;
pub const ARPQ_NAMES_LOOKUP: u32 = 28;
pub const ARPQ_NAMES_NEIGH_SET: u32 = 29;
pub const ARPQ_NAMES_NEIGH_DELETE: u32 = 30;
pub const ARPQ_NAMES_FILTER: u32 = 31;
pub const ARPQ_NAMES_RESOLVE: u32 = 32;
pub const ARPQ_NAMES_INTERFACES: u32 = 33;
pub const ARPQ_NAMES_ADDRESS_EDIT: u32 = 34;
pub const ARPQ_NAMES_WATCH: u32 = 35;
pub const ARPQ_NAMES_MIRROR: u32 = 36;
pub const ARPQ_NAMES_SWEEP: u32 = 37;
pub const ARPQ_NAMES_SNIFFER: u32 = 38;
pub const ARPQ_NAMES_ORIGIN: u32 = 39;
pub const ARPQ_NAMES_GATEWAY_FLAG: u32 = 40;
pub const ARPQ_NAMES_GATEWAYS: u32 = 41;
pub const ARPQ_LOOKUP_VIA_GATEWAY: u32 = 1;
pub const ARPQ_LOOKUP_TABLE_ONLY: u32 = 2;
pub const ARPQ_LOOKUP_ANY_INTERFACE: u32 = 4;
pub const ARPQ_STATE_NONE: u32 = 0;
pub const ARPQ_STATE_INCOMPLETE: u32 = 1;
pub const ARPQ_STATE_REACHABLE: u32 = 2;
pub const ARPQ_STATE_STALE: u32 = 4;
pub const ARPQ_STATE_DELAY: u32 = 8;
pub const ARPQ_STATE_PROBE: u32 = 16;
pub const ARPQ_STATE_FAILED: u32 = 32;
pub const ARPQ_STATE_NOARP: u32 = 64;
pub const ARPQ_STATE_PERMANENT: u32 = 128;
pub const ARPQ_NEIGH_PROXY: u32 = 8;
pub const ARPQ_NEIGH_EXT_LEARNED: u32 = 16;
pub const ARPQ_NEIGH_OFFLOADED: u32 = 32;
pub const ARPQ_NEIGH_STICKY: u32 = 64;
pub const ARPQ_NEIGH_ROUTER: u32 = 128;
pub const ARPQ_NEIGH_MANAGED: u32 = 256;
pub const ARPQ_NEIGH_EXT_VALIDATED: u32 = 1024;
pub const ARPQ_NEIGH_LOCAL: u32 = 16777216;
pub const ARPQ_NEIGH_MULTICAST: u32 = 33554432;
pub const ARPQ_NEIGH_BROADCAST: u32 = 67108864;
pub const ARPQ_NEIGH_GATEWAY: u32 = 134217728;
pub const ARPQ_FILTER_PROXY: u32 = 1;
pub const ARPQ_FILTER_STATE_NONE: u32 = 256;
pub const ARPQ_TABLE_INCONSISTENT: u32 = 1;
pub const ARPQ_NEIGH_SET_CREATE: u32 = 1;
pub const ARPQ_NEIGH_SET_REPLACE: u32 = 2;
pub const ARPQ_NEIGH_SET_INSIST: u32 = 4;
pub const ARPQ_NEIGH_SET_NETMASK: u32 = 4096;
pub const ARPQ_NEIGH_DELETE_PROXY: u32 = 1;
pub const ARPQ_NEIGH_DELETE_NETMASK: u32 = 2;
pub const ARPQ_RESOLVE_VIA_GATEWAY: u32 = 1;
pub const ARPQ_RESOLVE_REVALIDATE: u32 = 2;
pub const ARPQ_KIND_SIZE: u32 = 24;
pub const ARPQ_ADDRESS_SECONDARY: u32 = 1;
pub const ARPQ_ADDRESS_NO_DAD: u32 = 2;
pub const ARPQ_ADDRESS_OPTIMISTIC: u32 = 4;
pub const ARPQ_ADDRESS_DAD_FAILED: u32 = 8;
pub const ARPQ_ADDRESS_HOME: u32 = 16;
pub const ARPQ_ADDRESS_DEPRECATED: u32 = 32;
pub const ARPQ_ADDRESS_TENTATIVE: u32 = 64;
pub const ARPQ_ADDRESS_PERMANENT: u32 = 128;
pub const ARPQ_ADDRESS_MANAGE_TEMP: u32 = 256;
pub const ARPQ_ADDRESS_NO_PREFIX_ROUTE: u32 = 512;
pub const ARPQ_ADDRESS_MULTICAST_JOIN: u32 = 1024;
pub const ARPQ_ADDRESS_STABLE_PRIVACY: u32 = 2048;
pub const ARPQ_SCOPE_UNIVERSE: u32 = 0;
pub const ARPQ_SCOPE_SITE: u32 = 200;
pub const ARPQ_SCOPE_LINK: u32 = 253;
pub const ARPQ_SCOPE_HOST: u32 = 254;
pub const ARPQ_SCOPE_NOWHERE: u32 = 255;
pub const ARPQ_INTERFACES_READ: u32 = 1;
pub const ARPQ_INTERFACES_INCONSISTENT: u32 = 2;
pub const ARPQ_INTERFACE_ALIAS: u32 = 1;
pub const ARPQ_INTERFACE_DEVICE: u32 = 2;
pub const ARPQ_INTERFACE_BUS: u32 = 3;
pub const ARPQ_GATEWAY_DEAD: u32 = 1;
pub const ARPQ_GATEWAY_ONLINK: u32 = 4;
pub const ARPQ_GATEWAY_OFFLOADED: u32 = 8;
pub const ARPQ_GATEWAY_LINKDOWN: u32 = 16;
pub const ARPQ_GATEWAY_CHOSEN: u32 = 16777216;
pub const ARPQ_GATEWAY_SELECTIVE: u32 = 33554432;
pub const ARPQ_GATEWAYS_ALL_TABLES: u32 = 1;
pub const ARPQ_GATEWAYS_INCONSISTENT: u32 = 2;
pub const ARPQ_ADDRESS_EDIT_CREATE: u32 = 1;
pub const ARPQ_ADDRESS_EDIT_PREFIX: u32 = 2;
pub const ARPQ_EVENT_NEIGH_ADDED: u32 = 1;
pub const ARPQ_EVENT_NEIGH_CHANGED: u32 = 2;
pub const ARPQ_EVENT_NEIGH_MOVED: u32 = 3;
pub const ARPQ_EVENT_NEIGH_REMOVED: u32 = 4;
pub const ARPQ_EVENT_CONFLICT: u32 = 5;
pub const ARPQ_EVENT_OVERRUN: u32 = 6;
pub const ARPQ_EVENT_SYNCED: u32 = 7;
pub const ARPQ_EVENT_INTERFACE_ADDED: u32 = 8;
pub const ARPQ_EVENT_INTERFACE_CHANGED: u32 = 9;
pub const ARPQ_EVENT_INTERFACE_REMOVED: u32 = 10;
pub const ARPQ_EVENT_ADDRESS_ADDED: u32 = 11;
pub const ARPQ_EVENT_ADDRESS_CHANGED: u32 = 12;
pub const ARPQ_EVENT_ADDRESS_REMOVED: u32 = 13;
pub const ARPQ_EVENT_RESYNC: u32 = 1;
pub const ARPQ_EVENT_DAMPED: u32 = 2;
pub const ARPQ_WATCH_EXISTING: u32 = 1;
pub const ARPQ_WATCH_INTERFACES: u32 = 2;
pub const ARPQ_WATCH_ADDRESSES: u32 = 4;
pub const ARPQ_WATCH_NO_NEIGHBOURS: u32 = 8;
pub const ARPQ_MIRROR_THREAD: u32 = 1;
pub const ARPQ_ARP_REQUEST: u32 = 1;
pub const ARPQ_ARP_REPLY: u32 = 2;
pub const ARPQ_ARP_REVERSE_REQUEST: u32 = 3;
pub const ARPQ_ARP_REVERSE_REPLY: u32 = 4;
pub const ARPQ_ARP_INVERSE_REQUEST: u32 = 8;
pub const ARPQ_ARP_INVERSE_REPLY: u32 = 9;
pub const ARPQ_ARP_VLAN: u32 = 1;
pub const ARPQ_ARP_PAYLOAD: u32 = 2;
pub const ARPQ_ARP_KIND_REQUEST: u32 = 1;
pub const ARPQ_ARP_KIND_REPLY: u32 = 2;
pub const ARPQ_ARP_KIND_PROBE: u32 = 3;
pub const ARPQ_ARP_KIND_ANNOUNCEMENT: u32 = 4;
pub const ARPQ_ARP_KIND_GRATUITOUS: u32 = 5;
pub const ARPQ_ARP_KIND_OTHER: u32 = 6;
pub const ARPQ_ARP_FRAME_SIZE: u32 = 128;
pub const ARPQ_ICMP_ORIGINAL: u32 = 1;
pub const ARPQ_ICMP_UNVERIFIED: u32 = 2;
pub const ARPQ_PING_RAW: u32 = 1;
pub const ARPQ_PING_KERNEL_TIME: u32 = 2;
pub const ARPQ_PING_EMPTY: u32 = 4294967295;
pub const ARPQ_SWEEP_FORCE: u32 = 1;
pub const ARPQ_SWEEP_NO_SOURCE: u32 = 2;
pub const ARPQ_SWEEP_NO_RAW: u32 = 4;
pub const ARPQ_FOUND_DUPLICATE: u32 = 1;
pub const ARPQ_FOUND_UNASKED: u32 = 2;
pub const ARPQ_FOUND_TABLE: u32 = 4;
pub const ARPQ_FOUND_LOCAL: u32 = 8;
pub const ARPQ_SWEEP_BY_ARP: u32 = 1;
pub const ARPQ_SWEEP_BY_RESOLVE: u32 = 2;
pub const ARPQ_SWEEP_BY_ECHO: u32 = 3;
pub const ARPQ_SWEEP_BY_TABLE: u32 = 4;
pub const ARPQ_SNIFFER_ARP: u32 = 1;
pub const ARPQ_SNIFFER_NDP: u32 = 2;
pub const ARPQ_SNIFFER_CLAIMS: u32 = 4;
pub const ARPQ_SNIFFER_OUTGOING: u32 = 8;
pub const ARPQ_SNIFFER_PROMISCUOUS: u32 = 16;
pub const ARPQ_SNIFFED_ARP: u32 = 1;
pub const ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION: u32 = 2;
pub const ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT: u32 = 3;
pub const ARPQ_SNIFFED_ROUTER_SOLICITATION: u32 = 4;
pub const ARPQ_SNIFFED_ROUTER_ADVERTISEMENT: u32 = 5;
pub const ARPQ_SNIFFED_REDIRECT: u32 = 6;
pub const ARPQ_SNIFFED_VLAN: u32 = 1;
pub const ARPQ_SNIFFED_OUTGOING: u32 = 2;
pub const ARPQ_SNIFFED_PROBE: u32 = 4;
pub const ARPQ_SNIFFED_NEW: u32 = 8;
pub const ARPQ_SNIFFED_MOVED: u32 = 16;
pub const ARPQ_SNIFFED_CONFLICT: u32 = 32;
pub const ARPQ_SNIFFED_ROUTER: u32 = 64;
pub const ARPQ_SNIFFED_SOLICITED: u32 = 128;
pub const ARPQ_SNIFFED_OVERRIDE: u32 = 256;
pub const ARPQ_SNIFFED_MISMATCH: u32 = 512;
pub const ARPQ_SNIFFED_OURS: u32 = 1024;
pub const ARPQ_SNIFFED_OUTER_VLAN: u32 = 2048;

#[repr(C)]
pub struct arpq_handle {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_table {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_resolver {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_interfaces {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_gateways {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_watch {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_mirror {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_pinger {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_sweep {
    _private: [u8; 0],
}

#[repr(C)]
pub struct arpq_sniffer {
    _private: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_ip {
    pub bytes: [u8; 16],
    pub scope: u32,
    pub family: u16,
    pub reserved: u16,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_mac {
    pub bytes: [u8; 32],
    pub r#type: u16,
    pub length: u8,
    pub origin: u8,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_options {
    pub size: u32,
    pub flags: u32,
    pub netns_fd: i32,
    pub reserved: [u32; 5],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_neigh {
    pub ip: arpq_ip,
    pub mac: arpq_mac,
    pub ifindex: u32,
    pub state: u32,
    pub flags: u32,
    pub probes: u32,
    pub refcount: u32,
    pub confirmed_ms: u64,
    pub used_ms: u64,
    pub updated_ms: u64,
    pub protocol: u8,
    pub r#type: u8,
    pub reserved16: u16,
    pub reserved: [u32; 5],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_filter {
    pub size: u32,
    pub flags: u32,
    pub ifindex: u32,
    pub master: u32,
    pub states: u32,
    pub neigh_flags: u32,
    pub prefix: arpq_ip,
    pub prefix_length: u8,
    pub protocol: u8,
    pub family: u16,
    pub mac: arpq_mac,
    pub reserved: [u32; 10],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_table_stats {
    pub entries: u32,
    pub hash_size: u32,
    pub gc_thresh1: u32,
    pub gc_thresh2: u32,
    pub gc_thresh3: u32,
    pub reserved32: u32,
    pub gc_interval_ms: u64,
    pub allocs: u64,
    pub destroys: u64,
    pub hash_grows: u64,
    pub resolve_failed: u64,
    pub lookups: u64,
    pub hits: u64,
    pub probes_multicast: u64,
    pub probes_unicast: u64,
    pub gc_periodic: u64,
    pub gc_forced: u64,
    pub table_full: u64,
    pub forged: u64,
    pub reserved: [u64; 9],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_resolve_options {
    pub size: u32,
    pub flags: u32,
    pub answer_ms: u32,
    pub max_age_ms: u32,
    pub window: u32,
    pub reserved: [u32; 7],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_resolved {
    pub neigh: arpq_neigh,
    pub ip: arpq_ip,
    pub ifindex: u32,
    pub code: i32,
    pub token: u64,
    pub took_us: u64,
    pub reserved: [u32; 6],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_interface {
    pub name: [c_char; 16],
    pub ifindex: u32,
    pub flags: u32,
    pub mtu: u32,
    pub r#type: u32,
    pub master: u32,
    pub parent: u32,
    pub mac: arpq_mac,
    pub broadcast: arpq_mac,
    pub address_first: u32,
    pub address_count: u32,
    pub altname_first: u32,
    pub altname_count: u32,
    pub permanent_mac: arpq_mac,
    pub kind: [c_char; 24],
    pub port_kind: [c_char; 24],
    pub operstate: u8,
    pub linkmode: u8,
    pub reserved16: u16,
    pub parent_netnsid: i32,
    pub group: u32,
    pub queue_length: u32,
    pub mtu_min: u32,
    pub mtu_max: u32,
    pub tx_queues: u32,
    pub rx_queues: u32,
    pub gso_max_size: u32,
    pub gso_max_segs: u32,
    pub tso_max_size: u32,
    pub tso_max_segs: u32,
    pub gro_max_size: u32,
    pub reserved: [u32; 14],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_interface_stats {
    pub rx_packets: u64,
    pub tx_packets: u64,
    pub rx_bytes: u64,
    pub tx_bytes: u64,
    pub rx_errors: u64,
    pub tx_errors: u64,
    pub rx_dropped: u64,
    pub tx_dropped: u64,
    pub multicast: u64,
    pub collisions: u64,
    pub rx_length_errors: u64,
    pub rx_over_errors: u64,
    pub rx_crc_errors: u64,
    pub rx_frame_errors: u64,
    pub rx_fifo_errors: u64,
    pub rx_missed_errors: u64,
    pub tx_aborted_errors: u64,
    pub tx_carrier_errors: u64,
    pub tx_fifo_errors: u64,
    pub tx_heartbeat_errors: u64,
    pub tx_window_errors: u64,
    pub rx_compressed: u64,
    pub tx_compressed: u64,
    pub rx_nohandler: u64,
    pub rx_otherhost_dropped: u64,
    pub carrier_changes: u32,
    pub carrier_ups: u32,
    pub carrier_downs: u32,
    pub promiscuity: u32,
    pub allmulti: u32,
    pub reserved32: u32,
    pub qdisc: [c_char; 16],
    pub reserved: [u64; 6],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_address {
    pub ip: arpq_ip,
    pub peer: arpq_ip,
    pub broadcast: arpq_ip,
    pub ifindex: u32,
    pub prefix_length: u32,
    pub flags: u32,
    pub scope: u32,
    pub label: [c_char; 16],
    pub anycast: arpq_ip,
    pub valid_s: u32,
    pub preferred_s: u32,
    pub created_ms: u64,
    pub updated_ms: u64,
    pub metric: u32,
    pub protocol: u8,
    pub reserved8: [u8; 3],
    pub reserved: [u32; 8],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_gateway {
    pub ip: arpq_ip,
    pub source: arpq_ip,
    pub ifindex: u32,
    pub metric: u32,
    pub table: u32,
    pub flags: u32,
    pub weight: u32,
    pub valid_s: u32,
    pub nexthop_id: u32,
    pub code: i32,
    pub family: u16,
    pub protocol: u8,
    pub preference: u8,
    pub reserved32: u32,
    pub neigh: arpq_neigh,
    pub reserved: [u32; 10],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_event {
    pub r#type: u32,
    pub flags: u32,
    pub old_state: u32,
    pub old_flags: u32,
    pub neigh: arpq_neigh,
    pub old_mac: arpq_mac,
    pub reserved32: u32,
    pub interface: arpq_interface,
    pub address: arpq_address,
    pub reserved: [u32; 10],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_watch_options {
    pub size: u32,
    pub flags: u32,
    pub receive_buffer: u32,
    pub damping_ms: u32,
    pub filter: arpq_filter,
    pub reserved: [u32; 8],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_mirror_options {
    pub size: u32,
    pub flags: u32,
    pub receive_buffer: u32,
    pub damping_ms: u32,
    pub on_event: Option<arpq_event_callback>,
    pub context: *mut c_void,
    pub reserved: [u64; 4],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sync_stats {
    pub entries: u64,
    pub memory: u64,
    pub events: u64,
    pub overruns: u64,
    pub dumps: u64,
    pub confirmations: u64,
    pub moved: u64,
    pub conflicts: u64,
    pub forged: u64,
    pub malformed: u64,
    pub receive_buffer: u64,
    pub receive_wanted: u64,
    pub last_dump_us: u64,
    pub stale: u64,
    pub error: i64,
    pub reserved: [u64; 17],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_arp {
    pub flags: u32,
    pub operation: u16,
    pub vlan_tci: u16,
    pub destination: arpq_mac,
    pub source: arpq_mac,
    pub sender_mac: arpq_mac,
    pub target_mac: arpq_mac,
    pub sender_ip: arpq_ip,
    pub target_ip: arpq_ip,
    pub reserved: [u32; 6],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_icmp {
    pub family: u16,
    pub r#type: u8,
    pub code: u8,
    pub flags: u32,
    pub value: u32,
    pub identifier: u16,
    pub sequence: u16,
    pub checksum: u16,
    pub reserved16: u16,
    pub payload_offset: u32,
    pub payload_length: u32,
    pub source: arpq_ip,
    pub destination: arpq_ip,
    pub original_source: arpq_ip,
    pub original_destination: arpq_ip,
    pub original_offset: u32,
    pub original_length: u32,
    pub original_payload_offset: u32,
    pub original_protocol: u8,
    pub original_type: u8,
    pub original_code: u8,
    pub reserved8: u8,
    pub original_source_port: u16,
    pub original_destination_port: u16,
    pub original_identifier: u16,
    pub original_sequence: u16,
    pub reserved: [u32; 4],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_ping_options {
    pub size: u32,
    pub flags: u32,
    pub ifindex: u32,
    pub answer_ms: u32,
    pub payload_size: u32,
    pub sequence: u16,
    pub hop_limit: u8,
    pub reserved8: u8,
    pub source: arpq_ip,
    pub window: u32,
    pub reserved: [u32; 3],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_ping_reply {
    pub from: arpq_ip,
    pub rtt_ns: u64,
    pub flags: u32,
    pub value: u32,
    pub r#type: u8,
    pub code: u8,
    pub hop_limit: u8,
    pub reserved8: u8,
    pub sequence: u16,
    pub payload_size: u16,
    pub reserved: [u32; 6],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_pinged {
    pub reply: arpq_ping_reply,
    pub ip: arpq_ip,
    pub code: i32,
    pub sequence: u16,
    pub reserved16: u16,
    pub token: u64,
    pub reserved: [u32; 4],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sweep_options {
    pub size: u32,
    pub flags: u32,
    pub ifindex: u32,
    pub rate: u32,
    pub attempts: u32,
    pub answer_ms: u32,
    pub source: arpq_ip,
    pub vlan: u32,
    pub reserved: [u32; 7],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_found {
    pub ip: arpq_ip,
    pub mac: arpq_mac,
    pub ifindex: u32,
    pub flags: u32,
    pub attempt: u32,
    pub rtt_us: u32,
    pub reserved: [u32; 5],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sweep_stats {
    pub targets: u64,
    pub found: u64,
    pub duplicates: u64,
    pub sent: u64,
    pub received: u64,
    pub dropped: u64,
    pub malformed: u64,
    pub deferred: u64,
    pub duration_us: u64,
    pub attempts: u32,
    pub method: u32,
    pub ifindex: u32,
    pub loss_ppm: u32,
    pub missed_ppm: u32,
    pub finished: u32,
    pub waited_ms: u32,
    pub reserved: [u32; 13],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sniffer_options {
    pub size: u32,
    pub flags: u32,
    pub ifindex: u32,
    pub receive_buffer: u32,
    pub damping_ms: u32,
    pub claims_max: u32,
    pub reserved: [u32; 10],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sniffed {
    pub r#type: u32,
    pub flags: u32,
    pub ifindex: u32,
    pub vlan_tci: u16,
    pub operation: u16,
    pub time_ns: u64,
    pub ip: arpq_ip,
    pub target: arpq_ip,
    pub mac: arpq_mac,
    pub old_mac: arpq_mac,
    pub source: arpq_mac,
    pub destination: arpq_mac,
    pub outer_tci: u16,
    pub reserved16: u16,
    pub reserved: [u32; 7],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct arpq_sniffer_stats {
    pub frames: u64,
    pub dropped: u64,
    pub malformed: u64,
    pub claims: u64,
    pub forgotten: u64,
    pub moved: u64,
    pub conflicts: u64,
    pub receive_buffer: u64,
    pub reserved: [u64; 8],
}

pub type arpq_neigh_callback = unsafe extern "C" fn(neigh: *const arpq_neigh, context: *mut c_void) -> c_int;
pub type arpq_event_callback = unsafe extern "C" fn(event: *const arpq_event, context: *mut c_void);
pub type arpq_sweep_callback = unsafe extern "C" fn(found: *const arpq_found, context: *mut c_void) -> c_int;

extern "C" {
    pub fn arpq_ip_parse(text: *const c_char, ip: *mut arpq_ip, flags: u32) -> c_int;
    pub fn arpq_ip_format(ip: *const arpq_ip, text: *mut c_char, size: usize) -> *const c_char;
    pub fn arpq_ip_from_sockaddr(sa: *const c_void, size: usize, ip: *mut arpq_ip) -> c_int;
    pub fn arpq_ip_to_sockaddr(ip: *const arpq_ip, port: u16, sa: *mut c_void) -> c_int;
    pub fn arpq_ip_compare(a: *const arpq_ip, b: *const arpq_ip) -> c_int;
    pub fn arpq_prefix_parse(text: *const c_char, prefix: *mut arpq_ip, length: *mut u32, flags: u32) -> c_int;
    pub fn arpq_prefix_format(prefix: *const arpq_ip, length: u32, text: *mut c_char, size: usize) -> *const c_char;
    pub fn arpq_prefix_contains(prefix: *const arpq_ip, length: u32, ip: *const arpq_ip) -> c_int;
    pub fn arpq_mac_parse(text: *const c_char, mac: *mut arpq_mac) -> c_int;
    pub fn arpq_mac_format(mac: *const arpq_mac, style: u32, text: *mut c_char, size: usize) -> *const c_char;
    pub fn arpq_mac_compare(a: *const arpq_mac, b: *const arpq_mac) -> c_int;
    pub fn arpq_mac_is_multicast(mac: *const arpq_mac) -> c_int;
    pub fn arpq_mac_is_broadcast(mac: *const arpq_mac) -> c_int;
    pub fn arpq_mac_is_local(mac: *const arpq_mac) -> c_int;
    pub fn arpq_mac_is_zero(mac: *const arpq_mac) -> c_int;
    pub fn arpq_mac_to_eui64(mac: *const arpq_mac, eui64: *mut arpq_mac) -> c_int;
    pub fn arpq_open(h: *mut *mut arpq_handle, options: *const arpq_options) -> c_int;
    pub fn arpq_close(h: *mut arpq_handle);
    pub fn arpq_wake(h: *mut arpq_handle) -> c_int;
    pub fn arpq_wake_clear(h: *mut arpq_handle) -> c_int;
    pub fn arpq_strerror(code: c_int) -> *const c_char;
    pub fn arpq_detail(h: *const arpq_handle) -> *const c_char;
    pub fn arpq_detail_copy(h: *mut arpq_handle, text: *mut c_char, size: usize) -> c_int;
    pub fn arpq_version() -> *const c_char;
    pub fn arpq_version_number() -> u32;
    pub fn arpq_abi() -> u32;
    pub fn arpq_sizeof(name: *const c_char) -> usize;
    pub fn arpq_ip_format_named(h: *mut arpq_handle, ip: *const arpq_ip, text: *mut c_char, size: usize) -> *const c_char;
    pub fn arpq_name(set: u32, value: u32) -> *const c_char;
    pub fn arpq_value(set: u32, name: *const c_char, value: *mut u32) -> c_int;
    pub fn arpq_lookup(h: *mut arpq_handle, ip: *const arpq_ip, ifindex: u32, flags: u32, mac: *mut arpq_mac) -> c_int;
    pub fn arpq_lookup_text(h: *mut arpq_handle, ip: *const c_char, ifname: *const c_char, flags: u32, mac: *mut arpq_mac) -> c_int;
    pub fn arpq_lookup_many(h: *mut arpq_handle, ips: *const arpq_ip, count: u32, ifindex: u32, flags: u32, macs: *mut arpq_mac, codes: *mut i32) -> c_int;
    pub fn arpq_peer(h: *mut arpq_handle, fd: c_int, flags: u32, mac: *mut arpq_mac) -> c_int;
    pub fn arpq_neigh_get(h: *mut arpq_handle, ip: *const arpq_ip, ifindex: u32, flags: u32, neigh: *mut arpq_neigh) -> c_int;
    pub fn arpq_neigh_get_many(h: *mut arpq_handle, ips: *const arpq_ip, count: u32, ifindex: u32, flags: u32, neighs: *mut arpq_neigh, codes: *mut i32) -> c_int;
    pub fn arpq_table_get(h: *mut arpq_handle, filter: *const arpq_filter, table: *mut *mut arpq_table) -> c_int;
    pub fn arpq_table_find_mac(h: *mut arpq_handle, mac: *const arpq_mac, table: *mut *mut arpq_table) -> c_int;
    pub fn arpq_table_count(table: *const arpq_table) -> u32;
    pub fn arpq_table_at(table: *const arpq_table, n: u32) -> *const arpq_neigh;
    pub fn arpq_table_entries(table: *const arpq_table, count: *mut u32, stride: *mut u32) -> *const arpq_neigh;
    pub fn arpq_table_flags(table: *const arpq_table) -> u32;
    pub fn arpq_table_malformed(table: *const arpq_table) -> u32;
    pub fn arpq_table_free(table: *mut arpq_table);
    pub fn arpq_table_each(h: *mut arpq_handle, filter: *const arpq_filter, callback: Option<arpq_neigh_callback>, context: *mut c_void, flags: *mut u32) -> c_int;
    pub fn arpq_table_stats(h: *mut arpq_handle, family: u16, stats: *mut arpq_table_stats) -> c_int;
    pub fn arpq_neigh_set(h: *mut arpq_handle, neigh: *const arpq_neigh, flags: u32) -> c_int;
    pub fn arpq_neigh_delete(h: *mut arpq_handle, ip: *const arpq_ip, ifindex: u32, flags: u32) -> c_int;
    pub fn arpq_neigh_flush(h: *mut arpq_handle, filter: *const arpq_filter, removed: *mut u32) -> c_int;
    pub fn arpq_resolve(h: *mut arpq_handle, ip: *const arpq_ip, ifindex: u32, flags: u32, timeout_ms: i32, neigh: *mut arpq_neigh) -> c_int;
    pub fn arpq_resolve_many(h: *mut arpq_handle, ips: *const arpq_ip, count: u32, ifindex: u32, options: *const arpq_resolve_options, neighs: *mut arpq_neigh, codes: *mut i32) -> c_int;
    pub fn arpq_resolver_open(h: *mut arpq_handle, resolver: *mut *mut arpq_resolver, options: *const arpq_resolve_options) -> c_int;
    pub fn arpq_resolver_fd(resolver: *const arpq_resolver) -> c_int;
    pub fn arpq_resolver_add(resolver: *mut arpq_resolver, ip: *const arpq_ip, ifindex: u32, token: u64) -> c_int;
    pub fn arpq_resolver_next(resolver: *mut arpq_resolver, resolved: *mut arpq_resolved, timeout_ms: i32) -> c_int;
    pub fn arpq_resolver_pending(resolver: *const arpq_resolver) -> u32;
    pub fn arpq_resolver_close(resolver: *mut arpq_resolver);
    pub fn arpq_interfaces_get(h: *mut arpq_handle, flags: u32, list: *mut *mut arpq_interfaces) -> c_int;
    pub fn arpq_interfaces_flags(list: *const arpq_interfaces) -> u32;
    pub fn arpq_interfaces_free(list: *mut arpq_interfaces);
    pub fn arpq_interfaces_count(list: *const arpq_interfaces) -> u32;
    pub fn arpq_interfaces_address_count(list: *const arpq_interfaces) -> u32;
    pub fn arpq_interfaces_at(list: *const arpq_interfaces, n: u32) -> *const arpq_interface;
    pub fn arpq_interfaces_address_at(list: *const arpq_interfaces, n: u32) -> *const arpq_address;
    pub fn arpq_interfaces_entries(list: *const arpq_interfaces, count: *mut u32, stride: *mut u32) -> *const arpq_interface;
    pub fn arpq_interfaces_addresses(list: *const arpq_interfaces, count: *mut u32, stride: *mut u32) -> *const arpq_address;
    pub fn arpq_interfaces_stats_at(list: *const arpq_interfaces, n: u32) -> *const arpq_interface_stats;
    pub fn arpq_interfaces_text_at(list: *const arpq_interfaces, n: u32, which: u32) -> *const c_char;
    pub fn arpq_interfaces_altname_count(list: *const arpq_interfaces) -> u32;
    pub fn arpq_interfaces_altname_at(list: *const arpq_interfaces, n: u32) -> *const c_char;
    pub fn arpq_interfaces_by_name(list: *const arpq_interfaces, name: *const c_char) -> *const arpq_interface;
    pub fn arpq_interfaces_by_ifindex(list: *const arpq_interfaces, ifindex: u32) -> *const arpq_interface;
    pub fn arpq_interface_index(h: *mut arpq_handle, name: *const c_char, ifindex: *mut u32) -> c_int;
    pub fn arpq_interface_name(h: *mut arpq_handle, ifindex: u32, name: *mut c_char) -> c_int;
    pub fn arpq_gateways_get(h: *mut arpq_handle, family: u16, flags: u32, list: *mut *mut arpq_gateways) -> c_int;
    pub fn arpq_gateways_free(list: *mut arpq_gateways);
    pub fn arpq_gateways_count(list: *const arpq_gateways) -> u32;
    pub fn arpq_gateways_flags(list: *const arpq_gateways) -> u32;
    pub fn arpq_gateways_at(list: *const arpq_gateways, n: u32) -> *const arpq_gateway;
    pub fn arpq_gateways_entries(list: *const arpq_gateways, count: *mut u32, stride: *mut u32) -> *const arpq_gateway;
    pub fn arpq_address_add(h: *mut arpq_handle, address: *const arpq_address, flags: u32) -> c_int;
    pub fn arpq_address_modify(h: *mut arpq_handle, address: *const arpq_address, flags: u32) -> c_int;
    pub fn arpq_address_remove(h: *mut arpq_handle, address: *const arpq_address, flags: u32) -> c_int;
    pub fn arpq_watch_open(h: *mut arpq_handle, watch: *mut *mut arpq_watch, options: *const arpq_watch_options) -> c_int;
    pub fn arpq_watch_fd(watch: *const arpq_watch) -> c_int;
    pub fn arpq_watch_next(watch: *mut arpq_watch, event: *mut arpq_event, timeout_ms: i32) -> c_int;
    pub fn arpq_watch_close(watch: *mut arpq_watch);
    pub fn arpq_mirror_open(h: *mut arpq_handle, mirror: *mut *mut arpq_mirror, options: *const arpq_mirror_options) -> c_int;
    pub fn arpq_mirror_close(mirror: *mut arpq_mirror);
    pub fn arpq_mirror_fd(mirror: *const arpq_mirror) -> c_int;
    pub fn arpq_mirror_sync(mirror: *mut arpq_mirror) -> c_int;
    pub fn arpq_mirror_lookup(mirror: *const arpq_mirror, ip: *const arpq_ip, ifindex: u32, mac: *mut arpq_mac) -> c_int;
    pub fn arpq_mirror_lookup_many(mirror: *const arpq_mirror, ips: *const arpq_ip, count: u32, ifindex: u32, macs: *mut arpq_mac, codes: *mut i32) -> c_int;
    pub fn arpq_mirror_get(mirror: *const arpq_mirror, ip: *const arpq_ip, ifindex: u32, neigh: *mut arpq_neigh) -> c_int;
    pub fn arpq_mirror_find_mac(mirror: *const arpq_mirror, mac: *const arpq_mac, neighs: *mut arpq_neigh, room: u32) -> c_int;
    pub fn arpq_mirror_each(mirror: *const arpq_mirror, callback: Option<arpq_neigh_callback>, context: *mut c_void) -> c_int;
    pub fn arpq_mirror_table(mirror: *const arpq_mirror, filter: *const arpq_filter, table: *mut *mut arpq_table) -> c_int;
    pub fn arpq_mirror_stats(mirror: *mut arpq_mirror, stats: *mut arpq_sync_stats) -> c_int;
    pub fn arpq_watch_stats(watch: *mut arpq_watch, stats: *mut arpq_sync_stats) -> c_int;
    pub fn arpq_arp_kind(arp: *const arpq_arp) -> u32;
    pub fn arpq_arp_make(kind: u32, mac: *const arpq_mac, ip: *const arpq_ip, target_mac: *const arpq_mac, target_ip: *const arpq_ip, arp: *mut arpq_arp) -> c_int;
    pub fn arpq_arp_encode(arp: *const arpq_arp, frame: *mut c_void, size: usize) -> c_int;
    pub fn arpq_arp_decode(frame: *const c_void, size: usize, flags: u32, arp: *mut arpq_arp) -> c_int;
    pub fn arpq_icmp_is_assigned(family: u16, r#type: u8, code: u8) -> c_int;
    pub fn arpq_icmp_type_name(family: u16, r#type: u8) -> *const c_char;
    pub fn arpq_icmp_code_name(family: u16, r#type: u8, code: u8) -> *const c_char;
    pub fn arpq_icmp_checksum(source: *const arpq_ip, destination: *const arpq_ip, message: *const c_void, size: usize) -> u16;
    pub fn arpq_icmp_encode(icmp: *const arpq_icmp, payload: *const c_void, payload_size: usize, message: *mut c_void, size: usize) -> c_int;
    pub fn arpq_icmp_decode(family: u16, source: *const arpq_ip, destination: *const arpq_ip, message: *const c_void, size: usize, icmp: *mut arpq_icmp) -> c_int;
    pub fn arpq_ping(h: *mut arpq_handle, ip: *const arpq_ip, options: *const arpq_ping_options, reply: *mut arpq_ping_reply) -> c_int;
    pub fn arpq_pinger_open(h: *mut arpq_handle, pinger: *mut *mut arpq_pinger, options: *const arpq_ping_options) -> c_int;
    pub fn arpq_pinger_fd(pinger: *const arpq_pinger) -> c_int;
    pub fn arpq_pinger_add(pinger: *mut arpq_pinger, ip: *const arpq_ip, sequence: u16, token: u64) -> c_int;
    pub fn arpq_pinger_next(pinger: *mut arpq_pinger, pinged: *mut arpq_pinged, timeout_ms: i32) -> c_int;
    pub fn arpq_pinger_pending(pinger: *const arpq_pinger) -> u32;
    pub fn arpq_pinger_close(pinger: *mut arpq_pinger);
    pub fn arpq_sweep_open(h: *mut arpq_handle, sweep: *mut *mut arpq_sweep, prefix: *const arpq_ip, prefix_length: u32, options: *const arpq_sweep_options) -> c_int;
    pub fn arpq_sweep_fd(sweep: *const arpq_sweep) -> c_int;
    pub fn arpq_sweep_next(sweep: *mut arpq_sweep, found: *mut arpq_found, timeout_ms: i32) -> c_int;
    pub fn arpq_sweep_stats(sweep: *mut arpq_sweep, stats: *mut arpq_sweep_stats) -> c_int;
    pub fn arpq_sweep_close(sweep: *mut arpq_sweep);
    pub fn arpq_sweep_each(h: *mut arpq_handle, prefix: *const arpq_ip, prefix_length: u32, options: *const arpq_sweep_options, callback: Option<arpq_sweep_callback>, context: *mut c_void, stats: *mut arpq_sweep_stats) -> c_int;
    pub fn arpq_sniffer_open(h: *mut arpq_handle, sniffer: *mut *mut arpq_sniffer, options: *const arpq_sniffer_options) -> c_int;
    pub fn arpq_sniffer_fd(sniffer: *const arpq_sniffer) -> c_int;
    pub fn arpq_sniffer_next(sniffer: *mut arpq_sniffer, frame: *mut arpq_sniffed, timeout_ms: i32) -> c_int;
    pub fn arpq_sniffer_stats(sniffer: *mut arpq_sniffer, stats: *mut arpq_sniffer_stats) -> c_int;
    pub fn arpq_sniffer_close(sniffer: *mut arpq_sniffer);
}

/// The size of each struct without pointers, to be compared with arpq_sizeof.
pub const SIZES: &[(&str, usize)] = &[
    ("arpq_ip\0", 24),
    ("arpq_mac\0", 36),
    ("arpq_options\0", 32),
    ("arpq_neigh\0", 128),
    ("arpq_filter\0", 128),
    ("arpq_table_stats\0", 200),
    ("arpq_resolve_options\0", 48),
    ("arpq_resolved\0", 200),
    ("arpq_interface\0", 320),
    ("arpq_interface_stats\0", 288),
    ("arpq_address\0", 192),
    ("arpq_gateway\0", 256),
    ("arpq_event\0", 736),
    ("arpq_watch_options\0", 176),
    ("arpq_sync_stats\0", 256),
    ("arpq_arp\0", 224),
    ("arpq_icmp\0", 164),
    ("arpq_ping_options\0", 64),
    ("arpq_ping_reply\0", 72),
    ("arpq_pinged\0", 128),
    ("arpq_sweep_options\0", 80),
    ("arpq_found\0", 96),
    ("arpq_sweep_stats\0", 152),
    ("arpq_sniffer_options\0", 64),
    ("arpq_sniffed\0", 248),
    ("arpq_sniffer_stats\0", 128),
];

#[cfg(test)]
pub(crate) fn check_layout() {
    check!(arpq_ip, 24,
        bytes 0,
        scope 16,
        family 20,
        reserved 22,
    );
    check!(arpq_mac, 36,
        bytes 0,
        r#type 32,
        length 34,
        origin 35,
    );
    check!(arpq_options, 32,
        size 0,
        flags 4,
        netns_fd 8,
        reserved 12,
    );
    check!(arpq_neigh, 128,
        ip 0,
        mac 24,
        ifindex 60,
        state 64,
        flags 68,
        probes 72,
        refcount 76,
        confirmed_ms 80,
        used_ms 88,
        updated_ms 96,
        protocol 104,
        r#type 105,
        reserved16 106,
        reserved 108,
    );
    check!(arpq_filter, 128,
        size 0,
        flags 4,
        ifindex 8,
        master 12,
        states 16,
        neigh_flags 20,
        prefix 24,
        prefix_length 48,
        protocol 49,
        family 50,
        mac 52,
        reserved 88,
    );
    check!(arpq_table_stats, 200,
        entries 0,
        hash_size 4,
        gc_thresh1 8,
        gc_thresh2 12,
        gc_thresh3 16,
        reserved32 20,
        gc_interval_ms 24,
        allocs 32,
        destroys 40,
        hash_grows 48,
        resolve_failed 56,
        lookups 64,
        hits 72,
        probes_multicast 80,
        probes_unicast 88,
        gc_periodic 96,
        gc_forced 104,
        table_full 112,
        forged 120,
        reserved 128,
    );
    check!(arpq_resolve_options, 48,
        size 0,
        flags 4,
        answer_ms 8,
        max_age_ms 12,
        window 16,
        reserved 20,
    );
    check!(arpq_resolved, 200,
        neigh 0,
        ip 128,
        ifindex 152,
        code 156,
        token 160,
        took_us 168,
        reserved 176,
    );
    check!(arpq_interface, 320,
        name 0,
        ifindex 16,
        flags 20,
        mtu 24,
        r#type 28,
        master 32,
        parent 36,
        mac 40,
        broadcast 76,
        address_first 112,
        address_count 116,
        altname_first 120,
        altname_count 124,
        permanent_mac 128,
        kind 164,
        port_kind 188,
        operstate 212,
        linkmode 213,
        reserved16 214,
        parent_netnsid 216,
        group 220,
        queue_length 224,
        mtu_min 228,
        mtu_max 232,
        tx_queues 236,
        rx_queues 240,
        gso_max_size 244,
        gso_max_segs 248,
        tso_max_size 252,
        tso_max_segs 256,
        gro_max_size 260,
        reserved 264,
    );
    check!(arpq_interface_stats, 288,
        rx_packets 0,
        tx_packets 8,
        rx_bytes 16,
        tx_bytes 24,
        rx_errors 32,
        tx_errors 40,
        rx_dropped 48,
        tx_dropped 56,
        multicast 64,
        collisions 72,
        rx_length_errors 80,
        rx_over_errors 88,
        rx_crc_errors 96,
        rx_frame_errors 104,
        rx_fifo_errors 112,
        rx_missed_errors 120,
        tx_aborted_errors 128,
        tx_carrier_errors 136,
        tx_fifo_errors 144,
        tx_heartbeat_errors 152,
        tx_window_errors 160,
        rx_compressed 168,
        tx_compressed 176,
        rx_nohandler 184,
        rx_otherhost_dropped 192,
        carrier_changes 200,
        carrier_ups 204,
        carrier_downs 208,
        promiscuity 212,
        allmulti 216,
        reserved32 220,
        qdisc 224,
        reserved 240,
    );
    check!(arpq_address, 192,
        ip 0,
        peer 24,
        broadcast 48,
        ifindex 72,
        prefix_length 76,
        flags 80,
        scope 84,
        label 88,
        anycast 104,
        valid_s 128,
        preferred_s 132,
        created_ms 136,
        updated_ms 144,
        metric 152,
        protocol 156,
        reserved8 157,
        reserved 160,
    );
    check!(arpq_gateway, 256,
        ip 0,
        source 24,
        ifindex 48,
        metric 52,
        table 56,
        flags 60,
        weight 64,
        valid_s 68,
        nexthop_id 72,
        code 76,
        family 80,
        protocol 82,
        preference 83,
        reserved32 84,
        neigh 88,
        reserved 216,
    );
    check!(arpq_event, 736,
        r#type 0,
        flags 4,
        old_state 8,
        old_flags 12,
        neigh 16,
        old_mac 144,
        reserved32 180,
        interface 184,
        address 504,
        reserved 696,
    );
    check!(arpq_watch_options, 176,
        size 0,
        flags 4,
        receive_buffer 8,
        damping_ms 12,
        filter 16,
        reserved 144,
    );
    check!(arpq_sync_stats, 256,
        entries 0,
        memory 8,
        events 16,
        overruns 24,
        dumps 32,
        confirmations 40,
        moved 48,
        conflicts 56,
        forged 64,
        malformed 72,
        receive_buffer 80,
        receive_wanted 88,
        last_dump_us 96,
        stale 104,
        error 112,
        reserved 120,
    );
    check!(arpq_arp, 224,
        flags 0,
        operation 4,
        vlan_tci 6,
        destination 8,
        source 44,
        sender_mac 80,
        target_mac 116,
        sender_ip 152,
        target_ip 176,
        reserved 200,
    );
    check!(arpq_icmp, 164,
        family 0,
        r#type 2,
        code 3,
        flags 4,
        value 8,
        identifier 12,
        sequence 14,
        checksum 16,
        reserved16 18,
        payload_offset 20,
        payload_length 24,
        source 28,
        destination 52,
        original_source 76,
        original_destination 100,
        original_offset 124,
        original_length 128,
        original_payload_offset 132,
        original_protocol 136,
        original_type 137,
        original_code 138,
        reserved8 139,
        original_source_port 140,
        original_destination_port 142,
        original_identifier 144,
        original_sequence 146,
        reserved 148,
    );
    check!(arpq_ping_options, 64,
        size 0,
        flags 4,
        ifindex 8,
        answer_ms 12,
        payload_size 16,
        sequence 20,
        hop_limit 22,
        reserved8 23,
        source 24,
        window 48,
        reserved 52,
    );
    check!(arpq_ping_reply, 72,
        from 0,
        rtt_ns 24,
        flags 32,
        value 36,
        r#type 40,
        code 41,
        hop_limit 42,
        reserved8 43,
        sequence 44,
        payload_size 46,
        reserved 48,
    );
    check!(arpq_pinged, 128,
        reply 0,
        ip 72,
        code 96,
        sequence 100,
        reserved16 102,
        token 104,
        reserved 112,
    );
    check!(arpq_sweep_options, 80,
        size 0,
        flags 4,
        ifindex 8,
        rate 12,
        attempts 16,
        answer_ms 20,
        source 24,
        vlan 48,
        reserved 52,
    );
    check!(arpq_found, 96,
        ip 0,
        mac 24,
        ifindex 60,
        flags 64,
        attempt 68,
        rtt_us 72,
        reserved 76,
    );
    check!(arpq_sweep_stats, 152,
        targets 0,
        found 8,
        duplicates 16,
        sent 24,
        received 32,
        dropped 40,
        malformed 48,
        deferred 56,
        duration_us 64,
        attempts 72,
        method 76,
        ifindex 80,
        loss_ppm 84,
        missed_ppm 88,
        finished 92,
        waited_ms 96,
        reserved 100,
    );
    check!(arpq_sniffer_options, 64,
        size 0,
        flags 4,
        ifindex 8,
        receive_buffer 12,
        damping_ms 16,
        claims_max 20,
        reserved 24,
    );
    check!(arpq_sniffed, 248,
        r#type 0,
        flags 4,
        ifindex 8,
        vlan_tci 12,
        operation 14,
        time_ns 16,
        ip 24,
        target 48,
        mac 72,
        old_mac 108,
        source 144,
        destination 180,
        outer_tci 216,
        reserved16 218,
        reserved 220,
    );
    check!(arpq_sniffer_stats, 128,
        frames 0,
        dropped 8,
        malformed 16,
        claims 24,
        forgotten 32,
        moved 40,
        conflicts 48,
        receive_buffer 56,
        reserved 64,
    );
}
