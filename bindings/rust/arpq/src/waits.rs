// SPDX-License-Identifier: MIT
use crate::handle::Inner;
use crate::lists::{Address, Interface, Neigh};
use crate::values::{milliseconds, zeroed, ENODATA};
use crate::{sys, Error, Filter, Handle, Ip, Mac, Prefix, Result};
use std::os::unix::io::{AsRawFd, RawFd};
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

/// An object of the library that tells results one after the other, and its functions.
macro_rules! source {
    ($(#[$doc:meta])* $name:ident, $raw:ident, $result:ident, $next:ident, $fd:ident, $close:ident) => {
        $(#[$doc])*
        pub struct $name {
            pointer: *mut sys::$raw,
            inner: Arc<Inner>,
        }

        // One thread at a time may use it: the methods that change it take &mut self.
        unsafe impl Send for $name {}

        impl Drop for $name {
            fn drop(&mut self) {
                unsafe { sys::$close(self.pointer) }
            }
        }

        impl AsRawFd for $name {
            /// A descriptor that poll(2) finds readable when a result may be there. It belongs to
            /// the object.
            fn as_raw_fd(&self) -> RawFd {
                unsafe { sys::$fd(self.pointer) }
            }
        }

        impl $name {
            /// Whether `result` was filled; Err(ENODATA) when no result will come any more.
            fn fill(&mut self, result: &mut sys::$result, timeout: Option<Duration>) -> Result<bool> {
                let code = unsafe { sys::$next(self.pointer, result, milliseconds(timeout)) };
                Ok(self.inner.check(code, stringify!($next))? == 1)
            }
        }
    };
}

fn size_of<T>(_: &T) -> u32 {
    std::mem::size_of::<T>() as u32
}

/// None for the end of the results.
fn ended<T>(result: Result<T>) -> Option<Result<T>> {
    match result {
        Err(error) if error.errno() == ENODATA => None,
        other => Some(other),
    }
}

// ---- Changes ----

/// What to be told of.
#[derive(Clone, Copy, Debug, Default)]
pub struct WatchOptions {
    /// First an event for all that is there, then SYNCED.
    pub existing: bool,
    /// Events of interfaces too.
    pub interfaces: bool,
    /// Events of addresses too.
    pub addresses: bool,
    /// No events of neighbours.
    pub no_neighbours: bool,
    /// Neighbours to tell of.
    pub filter: Filter,
}

/// One change. `kind` is one of `sys::ARPQ_EVENT_*`, which decides what else is there.
#[derive(Clone, Debug)]
pub struct Event {
    /// `sys::ARPQ_EVENT_*` of the first list.
    pub kind: u32,
    /// `sys::ARPQ_EVENT_*` of the second.
    pub flags: u32,
    /// Of NEIGH_* and CONFLICT: the entry.
    pub neigh: Option<Neigh>,
    /// Of these: the address before, or the other one of a conflict.
    pub old_mac: Option<Mac>,
    /// Of INTERFACE_*: the interface.
    pub interface: Option<Interface>,
    /// Of ADDRESS_*: the address.
    pub address: Option<Address>,
}

impl Event {
    fn new(raw: &sys::arpq_event) -> Event {
        Event {
            kind: raw.r#type,
            flags: raw.flags,
            neigh: Ip::some(raw.neigh.ip).map(|_| Neigh(raw.neigh)),
            old_mac: Mac::some(raw.old_mac),
            interface: Some(raw.interface.ifindex)
                .filter(|index| *index != 0)
                .map(|_| Interface::new(raw.interface, &[])),
            address: Ip::some(raw.address.ip).map(|_| Address(raw.address)),
        }
    }

    /// The name of the kind, such as "NEIGH_ADDED".
    pub fn name(&self) -> &'static str {
        crate::name(sys::ARPQ_NAMES_EVENT, self.kind)
    }
}

source! {
    /// Tells the changes of the neighbour table, of interfaces and of addresses. As an iterator it
    /// waits without limit and never ends.
    Watch, arpq_watch, arpq_event, arpq_watch_next, arpq_watch_fd, arpq_watch_close
}

impl Handle {
    /// Changes from here on.
    pub fn watch(&self, options: &WatchOptions) -> Result<Watch> {
        let mut raw: sys::arpq_watch_options = zeroed();
        raw.size = size_of(&raw);
        raw.filter = options.filter.raw();
        for (given, flag) in [
            (options.existing, sys::ARPQ_WATCH_EXISTING),
            (options.interfaces, sys::ARPQ_WATCH_INTERFACES),
            (options.addresses, sys::ARPQ_WATCH_ADDRESSES),
            (options.no_neighbours, sys::ARPQ_WATCH_NO_NEIGHBOURS),
        ] {
            raw.flags |= if given { flag } else { 0 };
        }
        let mut pointer = ptr::null_mut();
        let code = unsafe { sys::arpq_watch_open(self.inner.pointer(), &mut pointer, &raw) };
        self.inner.check(code, "arpq_watch_open")?;
        Ok(Watch { pointer, inner: self.inner.clone() })
    }
}

impl Watch {
    /// The next event; Ok(None) when the time has passed.
    pub fn next_within(&mut self, timeout: Option<Duration>) -> Result<Option<Event>> {
        let mut event = zeroed();
        Ok(self.fill(&mut event, timeout)?.then(|| Event::new(&event)))
    }
}

impl Iterator for Watch {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        self.next_within(None).transpose()
    }
}

// ---- Sweep ----

/// How to sweep; the defaults are those of the library.
#[derive(Clone, Copy, Debug, Default)]
pub struct SweepOptions {
    /// The interface; 0: have it chosen.
    pub ifindex: u32,
    /// Packets a second.
    pub rate: u32,
    /// Questions for each address, at most.
    pub attempts: u32,
    /// How long to wait for an answer after the last packet.
    pub answer: Option<Duration>,
    /// The address to ask from.
    pub source: Option<Ip>,
    /// Ask with this VLAN tag.
    pub vlan: u32,
    /// `sys::ARPQ_SWEEP_*`.
    pub flags: u32,
}

/// A machine that is there.
#[derive(Clone, Copy, Debug)]
pub struct Found(sys::arpq_found);

impl Found {
    /// Its IP address.
    pub fn ip(&self) -> Ip {
        Ip(self.0.ip)
    }

    /// Its link-layer address.
    pub fn mac(&self) -> Option<Mac> {
        Mac::some(self.0.mac)
    }

    /// The index of the interface where it is.
    pub fn ifindex(&self) -> u32 {
        self.0.ifindex
    }

    /// `sys::ARPQ_FOUND_*`.
    pub fn flags(&self) -> u32 {
        self.0.flags
    }
}

source! {
    /// Tells who is there. As an iterator it ends when every address has been asked for.
    Sweep, arpq_sweep, arpq_found, arpq_sweep_next, arpq_sweep_fd, arpq_sweep_close
}

impl Handle {
    /// Asks every address of a prefix on the link itself.
    pub fn sweep(&self, prefix: &Prefix, options: &SweepOptions) -> Result<Sweep> {
        let mut raw: sys::arpq_sweep_options = zeroed();
        raw.size = size_of(&raw);
        raw.flags = options.flags;
        raw.ifindex = options.ifindex;
        raw.rate = options.rate;
        raw.attempts = options.attempts;
        raw.vlan = options.vlan;
        raw.answer_ms = options.answer.map_or(0, |time| milliseconds(Some(time)) as u32);
        if let Some(source) = options.source {
            raw.source = source.0;
        }
        let mut pointer = ptr::null_mut();
        let handle = self.inner.pointer();
        let code = unsafe {
            sys::arpq_sweep_open(handle, &mut pointer, &prefix.ip.0, prefix.length, &raw)
        };
        self.inner.check(code, "arpq_sweep_open")?;
        Ok(Sweep { pointer, inner: self.inner.clone() })
    }
}

impl Sweep {
    /// What the sweep has done so far.
    pub fn stats(&self) -> sys::arpq_sweep_stats {
        let mut stats = zeroed();
        unsafe { sys::arpq_sweep_stats(self.pointer, &mut stats) };
        stats
    }
}

impl Iterator for Sweep {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Result<Found>> {
        let mut found = zeroed();
        ended(self.fill(&mut found, None).map(|_| Found(found)))
    }
}

// ---- Resolving many ----

/// How to resolve; the defaults are those of the library.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResolveOptions {
    /// `sys::ARPQ_RESOLVE_*`.
    pub flags: u32,
    /// How long to wait for each address.
    pub answer: Option<Duration>,
    /// An entry confirmed longer ago is confirmed first.
    pub max_age: Option<Duration>,
    /// How many addresses at a time; 0: as many as there is room for.
    pub window: u32,
}

/// An address that was resolved, or was not.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// As it was given.
    pub ip: Ip,
    /// As it was given.
    pub token: u64,
    /// The entry, or why there is none.
    pub neigh: Result<Neigh>,
}

source! {
    /// Resolves many addresses. As an iterator it ends when no address is left.
    Resolver, arpq_resolver, arpq_resolved, arpq_resolver_next, arpq_resolver_fd, arpq_resolver_close
}

impl Handle {
    /// A resolver, which is asked by [`Resolver::add`].
    pub fn resolver(&self, options: &ResolveOptions) -> Result<Resolver> {
        let mut raw: sys::arpq_resolve_options = zeroed();
        raw.size = size_of(&raw);
        raw.flags = options.flags;
        raw.window = options.window;
        raw.answer_ms = options.answer.map_or(0, |time| milliseconds(Some(time)) as u32);
        raw.max_age_ms = options.max_age.map_or(0, |time| milliseconds(Some(time)) as u32);
        let mut pointer = ptr::null_mut();
        let code = unsafe { sys::arpq_resolver_open(self.inner.pointer(), &mut pointer, &raw) };
        self.inner.check(code, "arpq_resolver_open")?;
        Ok(Resolver { pointer, inner: self.inner.clone() })
    }
}

impl Resolver {
    /// Asks for one more address; the result has the token.
    pub fn add(&mut self, ip: impl Into<Ip>, ifindex: u32, token: u64) -> Result<()> {
        let ip = ip.into();
        let code = unsafe { sys::arpq_resolver_add(self.pointer, &ip.0, ifindex, token) };
        self.inner.check(code, "arpq_resolver_add").map(drop)
    }

    /// The next result; Ok(None) when the time has passed, ENODATA when no address is left.
    pub fn next_within(&mut self, timeout: Option<Duration>) -> Result<Option<Resolved>> {
        let mut raw: sys::arpq_resolved = zeroed();
        if !self.fill(&mut raw, timeout)? {
            return Ok(None);
        }
        let neigh = match raw.code {
            0 => Ok(Neigh(raw.neigh)),
            code => Err(Error::new(code, "arpq_resolve", String::new())),
        };
        Ok(Some(Resolved { ip: Ip(raw.ip), token: raw.token, neigh }))
    }
}

impl Iterator for Resolver {
    type Item = Result<Resolved>;

    fn next(&mut self) -> Option<Result<Resolved>> {
        ended(self.next_within(None)).and_then(Result::transpose)
    }
}

// ---- Ping ----

/// How to ping; the defaults are those of the library.
#[derive(Clone, Copy, Debug, Default)]
pub struct PingOptions {
    /// The interface; 0: have it chosen.
    pub ifindex: u32,
    /// How long to wait for the answer.
    pub answer: Option<Duration>,
    /// Bytes of the payload; None: the default.
    pub payload_size: Option<u32>,
    /// The hop limit, or TTL.
    pub hop_limit: u8,
    /// The number of the request; must be 0 for a pinger.
    pub sequence: u16,
    /// The address to send from.
    pub source: Option<Ip>,
    /// `sys::ARPQ_PING_*`.
    pub flags: u32,
}

impl PingOptions {
    fn raw(&self) -> sys::arpq_ping_options {
        let mut raw: sys::arpq_ping_options = zeroed();
        raw.size = size_of(&raw);
        raw.flags = self.flags;
        raw.ifindex = self.ifindex;
        raw.answer_ms = self.answer.map_or(0, |time| milliseconds(Some(time)) as u32);
        raw.payload_size = match self.payload_size {
            None => 0, // the default
            Some(0) => sys::ARPQ_PING_EMPTY,
            Some(size) => size,
        };
        raw.hop_limit = self.hop_limit;
        raw.sequence = self.sequence;
        if let Some(source) = self.source {
            raw.source = source.0;
        }
        raw
    }
}

/// An answer to an echo request.
#[derive(Clone, Copy, Debug)]
pub struct PingReply(sys::arpq_ping_reply);

impl PingReply {
    /// Who answered.
    pub fn from(&self) -> Option<Ip> {
        Ip::some(self.0.from)
    }

    /// How long it took.
    pub fn rtt(&self) -> Duration {
        Duration::from_nanos(self.0.rtt_ns)
    }

    /// All members.
    pub fn raw(&self) -> &sys::arpq_ping_reply {
        &self.0
    }
}

/// The outcome of a request of a [`Pinger`].
#[derive(Clone, Debug)]
pub struct Pinged {
    /// As it was given.
    pub ip: Ip,
    /// As it was given.
    pub sequence: u16,
    /// As it was given.
    pub token: u64,
    /// The answer, or why there is none.
    pub reply: Result<PingReply>,
}

source! {
    /// Pings many targets. As an iterator it ends when no request is left.
    Pinger, arpq_pinger, arpq_pinged, arpq_pinger_next, arpq_pinger_fd, arpq_pinger_close
}

impl Handle {
    /// Sends an echo request and waits for the answer.
    pub fn ping(&self, ip: impl Into<Ip>, options: &PingOptions) -> Result<PingReply> {
        let ip = ip.into();
        let mut reply = zeroed();
        let code =
            unsafe { sys::arpq_ping(self.inner.pointer(), &ip.0, &options.raw(), &mut reply) };
        self.inner.check(code, "arpq_ping")?;
        Ok(PingReply(reply))
    }

    /// A pinger, which is asked by [`Pinger::add`].
    pub fn pinger(&self, options: &PingOptions) -> Result<Pinger> {
        let mut pointer = ptr::null_mut();
        let code =
            unsafe { sys::arpq_pinger_open(self.inner.pointer(), &mut pointer, &options.raw()) };
        self.inner.check(code, "arpq_pinger_open")?;
        Ok(Pinger { pointer, inner: self.inner.clone() })
    }
}

impl Pinger {
    /// Sends one more request; the result has the token.
    pub fn add(&mut self, ip: impl Into<Ip>, sequence: u16, token: u64) -> Result<()> {
        let ip = ip.into();
        let code = unsafe { sys::arpq_pinger_add(self.pointer, &ip.0, sequence, token) };
        self.inner.check(code, "arpq_pinger_add").map(drop)
    }

    /// The next result; Ok(None) when the time has passed, ENODATA when no request is left.
    pub fn next_within(&mut self, timeout: Option<Duration>) -> Result<Option<Pinged>> {
        let mut raw: sys::arpq_pinged = zeroed();
        if !self.fill(&mut raw, timeout)? {
            return Ok(None);
        }
        let reply = match raw.code {
            0 => Ok(PingReply(raw.reply)),
            code => Err(Error::new(code, "arpq_ping", String::new())),
        };
        Ok(Some(Pinged { ip: Ip(raw.ip), sequence: raw.sequence, token: raw.token, reply }))
    }
}

impl Iterator for Pinger {
    type Item = Result<Pinged>;

    fn next(&mut self) -> Option<Result<Pinged>> {
        ended(self.next_within(None)).and_then(Result::transpose)
    }
}
