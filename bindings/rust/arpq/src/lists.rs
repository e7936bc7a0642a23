// SPDX-License-Identifier: MIT
use crate::values::{array_text, name};
use crate::{sys, Error, Ip, Mac};
use std::fmt;
use std::time::Duration;

/// A neighbour entry.
#[derive(Clone, Copy)]
pub struct Neigh(pub(crate) sys::arpq_neigh);

impl Neigh {
    /// The IP address.
    pub fn ip(&self) -> Ip {
        Ip(self.0.ip)
    }

    /// The link-layer address; None while the kernel knows none.
    pub fn mac(&self) -> Option<Mac> {
        Mac::some(self.0.mac)
    }

    /// The index of the interface.
    pub fn ifindex(&self) -> u32 {
        self.0.ifindex
    }

    /// One of `sys::ARPQ_STATE_*`.
    pub fn state(&self) -> u32 {
        self.0.state
    }

    /// The name of the state, such as "REACHABLE".
    pub fn state_name(&self) -> &'static str {
        name(sys::ARPQ_NAMES_STATE, self.0.state)
    }

    /// `sys::ARPQ_NEIGH_*`, or-ed.
    pub fn flags(&self) -> u32 {
        self.0.flags
    }

    /// Since it was last confirmed.
    pub fn confirmed(&self) -> Duration {
        Duration::from_millis(self.0.confirmed_ms)
    }

    /// Since it was last used.
    pub fn used(&self) -> Duration {
        Duration::from_millis(self.0.used_ms)
    }

    /// Since it was last updated.
    pub fn updated(&self) -> Duration {
        Duration::from_millis(self.0.updated_ms)
    }

    /// The RTPROT_* number of who made it.
    pub fn protocol(&self) -> u8 {
        self.0.protocol
    }
}

impl fmt::Debug for Neigh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Neigh")
            .field("ip", &self.ip())
            .field("mac", &self.mac())
            .field("ifindex", &self.ifindex())
            .field("state", &self.state_name())
            .field("flags", &self.flags())
            .finish()
    }
}

/// An address of an interface.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub(crate) sys::arpq_address);

impl Address {
    /// The address.
    pub fn ip(&self) -> Ip {
        Ip(self.0.ip)
    }

    /// The length of its prefix, in bits.
    pub fn prefix_length(&self) -> u32 {
        self.0.prefix_length
    }

    /// The other end, if the address is point-to-point.
    pub fn peer(&self) -> Option<Ip> {
        Ip::some(self.0.peer)
    }

    /// The broadcast address, if there is one.
    pub fn broadcast(&self) -> Option<Ip> {
        Ip::some(self.0.broadcast)
    }

    /// Its label, or "".
    pub fn label(&self) -> String {
        array_text(&self.0.label)
    }

    /// All members.
    pub fn raw(&self) -> &sys::arpq_address {
        &self.0
    }
}

/// An interface.
#[derive(Clone, Debug)]
pub struct Interface {
    raw: sys::arpq_interface,
    addresses: Vec<Address>,
}

impl Interface {
    pub(crate) fn new(raw: sys::arpq_interface, all: &[Address]) -> Interface {
        let first = raw.address_first as usize;
        let addresses = all.get(first..first + raw.address_count as usize).unwrap_or(&[]).to_vec();
        Interface { raw, addresses }
    }

    /// Its name.
    pub fn name(&self) -> String {
        array_text(&self.raw.name)
    }

    /// Its index.
    pub fn ifindex(&self) -> u32 {
        self.raw.ifindex
    }

    /// Its link-layer address.
    pub fn mac(&self) -> Option<Mac> {
        Mac::some(self.raw.mac)
    }

    /// IFF_* flags.
    pub fn flags(&self) -> u32 {
        self.raw.flags
    }

    /// "veth", "bridge" and so on; "" for hardware.
    pub fn kind(&self) -> String {
        array_text(&self.raw.kind)
    }

    /// Its addresses; none for an interface in an event.
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// All members.
    pub fn raw(&self) -> &sys::arpq_interface {
        &self.raw
    }
}

/// A next hop of a default route.
#[derive(Clone, Copy, Debug)]
pub struct Gateway(pub(crate) sys::arpq_gateway);

impl Gateway {
    /// The address of the gateway; None for a route without one.
    pub fn ip(&self) -> Option<Ip> {
        Ip::some(self.0.ip)
    }

    /// The index of the interface.
    pub fn ifindex(&self) -> u32 {
        self.0.ifindex
    }

    /// 0 is the best.
    pub fn metric(&self) -> u32 {
        self.0.metric
    }

    /// Whether the kernel uses this route.
    pub fn is_chosen(&self) -> bool {
        self.0.flags & sys::ARPQ_GATEWAY_CHOSEN != 0
    }

    /// The entry of the gateway, or why there is none.
    pub fn neigh(&self) -> Result<Neigh, Error> {
        if self.0.code < 0 {
            return Err(Error::new(self.0.code, "arpq_gateways_get", String::new()));
        }
        Ok(Neigh(self.0.neigh))
    }

    /// All members.
    pub fn raw(&self) -> &sys::arpq_gateway {
        &self.0
    }
}
