// SPDX-License-Identifier: MIT
use crate::lists::{Address, Gateway, Interface, Neigh};
use crate::values::{array_text, c_text, milliseconds, text, zeroed};
use crate::{sys, Error, Ip, Mac, Prefix, Result};
use std::ops::BitOr;
use std::os::raw::{c_char, c_int};
use std::os::unix::io::AsRawFd;
use std::ptr;
use std::sync::Arc;
use std::time::Duration;

/// How a lookup answers; or-ed together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lookup(pub(crate) u32);

impl Lookup {
    /// As the kernel sends.
    pub const DEFAULT: Lookup = Lookup(0);
    /// An address behind a gateway is answered with the entry of the gateway.
    pub const VIA_GATEWAY: Lookup = Lookup(sys::ARPQ_LOOKUP_VIA_GATEWAY);
    /// Only the kernel's table answers.
    pub const TABLE_ONLY: Lookup = Lookup(sys::ARPQ_LOOKUP_TABLE_ONLY);
    /// Every interface with a prefix that has the address is asked.
    pub const ANY_INTERFACE: Lookup = Lookup(sys::ARPQ_LOOKUP_ANY_INTERFACE);
}

impl BitOr for Lookup {
    type Output = Lookup;

    fn bitor(self, other: Lookup) -> Lookup {
        Lookup(self.0 | other.0)
    }
}

/// Which entries are meant; the default is all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Entries of this interface, if not 0.
    pub ifindex: u32,
    /// Entries of the ports of this bridge, bond or VRF, if not 0.
    pub master: u32,
    /// Entries in one of these states (`sys::ARPQ_STATE_*`, or-ed), if not 0.
    pub states: u32,
    /// Entries with all of these flags (`sys::ARPQ_NEIGH_*`, or-ed).
    pub flags: u32,
    /// Entries of this prefix.
    pub prefix: Option<Prefix>,
    /// Entries with this link-layer address.
    pub mac: Option<Mac>,
    /// The proxy entries, and no others.
    pub proxy: bool,
}

impl Filter {
    pub(crate) fn raw(&self) -> sys::arpq_filter {
        let mut raw: sys::arpq_filter = zeroed();
        raw.size = std::mem::size_of_val(&raw) as u32;
        raw.ifindex = self.ifindex;
        raw.master = self.master;
        raw.states = self.states;
        raw.neigh_flags = self.flags;
        if self.proxy {
            raw.flags = sys::ARPQ_FILTER_PROXY;
        }
        if let Some(prefix) = self.prefix {
            raw.prefix = prefix.ip.0;
            raw.prefix_length = u8::try_from(prefix.length).unwrap_or(u8::MAX);
        }
        if let Some(mac) = self.mac {
            raw.mac = mac.0;
        }
        raw
    }
}

/// The handle of C, closed when nothing that was opened on it is left: so that every object can be
/// woken, and can tell the words of the kernel.
pub(crate) struct Inner(*mut sys::arpq_handle);

// Any number of threads may use one handle.
unsafe impl Send for Inner {}
unsafe impl Sync for Inner {}

impl Drop for Inner {
    fn drop(&mut self) {
        unsafe { sys::arpq_close(self.0) }
    }
}

impl Inner {
    pub(crate) fn pointer(&self) -> *mut sys::arpq_handle {
        self.0
    }

    /// The value, or the error that a negative one means, with the words of this thread's last call.
    pub(crate) fn check(&self, code: c_int, call: &'static str) -> Result<c_int> {
        if code >= 0 {
            return Ok(code);
        }
        let detail = text(unsafe { sys::arpq_detail(self.0) }).to_string();
        Err(Error::new(code, call, detail))
    }
}

/// Asks the kernel about the neighbours in one network namespace. Any number of threads may use it.
#[derive(Clone)]
pub struct Handle {
    pub(crate) inner: Arc<Inner>,
}

/// Refuses a library that was compiled with other structs, before one is passed to it.
fn check_abi() -> Result<()> {
    let abi = unsafe { sys::arpq_abi() };
    if abi != sys::ARPQ_ABI {
        return Err(Error::other_abi(format!(
            "the library has ABI {abi}, this crate was made for ABI {}: install the libarpq that \
             belongs to the crate",
            sys::ARPQ_ABI
        )));
    }
    for (name, size) in sys::SIZES {
        let found = unsafe { sys::arpq_sizeof(name.as_ptr().cast()) };
        if found != *size {
            return Err(Error::other_abi(format!(
                "struct {} has {found} bytes in the library, {size} in this crate: install the \
                 libarpq that belongs to the crate",
                name.trim_end_matches('\0')
            )));
        }
    }
    Ok(())
}

impl Handle {
    /// A handle of the network namespace of the calling thread.
    pub fn open() -> Result<Handle> {
        Handle::open_with(ptr::null())
    }

    /// A handle of another network namespace, given by a descriptor such as a `std::fs::File` of
    /// /run/netns. Needs CAP_SYS_ADMIN.
    pub fn open_in(netns: &impl AsRawFd) -> Result<Handle> {
        let mut options: sys::arpq_options = zeroed();
        options.size = std::mem::size_of_val(&options) as u32;
        options.flags = sys::ARPQ_OPEN_IN_NETNS;
        options.netns_fd = netns.as_raw_fd();
        Handle::open_with(&options)
    }

    fn open_with(options: *const sys::arpq_options) -> Result<Handle> {
        check_abi()?;
        let mut pointer = ptr::null_mut();
        let code = unsafe { sys::arpq_open(&mut pointer, options) };
        if code < 0 {
            return Err(Error::new(code, "arpq_open", String::new()));
        }
        Ok(Handle { inner: Arc::new(Inner(pointer)) })
    }

    fn pointer(&self) -> *mut sys::arpq_handle {
        self.inner.pointer()
    }

    /// Ends the waits of every call on this handle and on what was opened on it, in all threads:
    /// they fail with ECANCELED, and so does each wait until [`Handle::wake_clear`].
    pub fn wake(&self) {
        unsafe { sys::arpq_wake(self.pointer()) };
    }

    /// Lets calls wait again.
    pub fn wake_clear(&self) {
        unsafe { sys::arpq_wake_clear(self.pointer()) };
    }

    /// The link-layer address of an IP address.
    pub fn lookup(&self, ip: impl Into<Ip>) -> Result<Mac> {
        self.lookup_on(ip, 0, Lookup::DEFAULT)
    }

    /// [`Handle::lookup`] on one interface (0: have it chosen), with flags.
    pub fn lookup_on(&self, ip: impl Into<Ip>, ifindex: u32, flags: Lookup) -> Result<Mac> {
        let ip = ip.into();
        let mut mac = zeroed();
        let code = unsafe { sys::arpq_lookup(self.pointer(), &ip.0, ifindex, flags.0, &mut mac) };
        self.inner.check(code, "arpq_lookup")?;
        Ok(Mac(mac))
    }

    /// The link-layer address of the other end of a connected socket.
    pub fn peer(&self, socket: &impl AsRawFd, flags: Lookup) -> Result<Mac> {
        let mut mac = zeroed();
        let code = unsafe { sys::arpq_peer(self.pointer(), socket.as_raw_fd(), flags.0, &mut mac) };
        self.inner.check(code, "arpq_peer")?;
        Ok(Mac(mac))
    }

    /// The whole entry of an IP address.
    pub fn get(&self, ip: impl Into<Ip>) -> Result<Neigh> {
        self.get_on(ip, 0, Lookup::DEFAULT)
    }

    /// [`Handle::get`] on one interface (0: have it chosen), with flags.
    pub fn get_on(&self, ip: impl Into<Ip>, ifindex: u32, flags: Lookup) -> Result<Neigh> {
        let ip = ip.into();
        let mut neigh = zeroed();
        let code =
            unsafe { sys::arpq_neigh_get(self.pointer(), &ip.0, ifindex, flags.0, &mut neigh) };
        self.inner.check(code, "arpq_neigh_get")?;
        Ok(Neigh(neigh))
    }

    /// The neighbour table.
    pub fn table(&self, filter: &Filter) -> Result<Vec<Neigh>> {
        let filter = filter.raw();
        let mut list = ptr::null_mut();
        let code = unsafe { sys::arpq_table_get(self.pointer(), &filter, &mut list) };
        self.inner.check(code, "arpq_table_get")?;
        Ok(unsafe { neighbours(list) })
    }

    /// The entries with a link-layer address.
    pub fn find_mac(&self, mac: &Mac) -> Result<Vec<Neigh>> {
        let mut list = ptr::null_mut();
        let code = unsafe { sys::arpq_table_find_mac(self.pointer(), &mac.0, &mut list) };
        self.inner.check(code, "arpq_table_find_mac")?;
        Ok(unsafe { neighbours(list) })
    }

    /// The interfaces, in order of their indexes, with their addresses.
    pub fn interfaces(&self) -> Result<Vec<Interface>> {
        let mut list = ptr::null_mut();
        let code = unsafe { sys::arpq_interfaces_get(self.pointer(), 0, &mut list) };
        self.inner.check(code, "arpq_interfaces_get")?;
        let addresses: Vec<Address> =
            unsafe { copies(|count, stride| sys::arpq_interfaces_addresses(list, count, stride)) }
                .into_iter()
                .map(Address)
                .collect();
        let interfaces =
            unsafe { copies(|count, stride| sys::arpq_interfaces_entries(list, count, stride)) }
                .into_iter()
                .map(|raw| Interface::new(raw, &addresses))
                .collect();
        unsafe { sys::arpq_interfaces_free(list) };
        Ok(interfaces)
    }

    /// The index of an interface, by its name, an alternative name or the label of an address.
    pub fn interface_index(&self, name: &str) -> Result<u32> {
        let name = c_text(name, "arpq_interface_index")?;
        let mut index = 0;
        let code = unsafe { sys::arpq_interface_index(self.pointer(), name.as_ptr(), &mut index) };
        self.inner.check(code, "arpq_interface_index")?;
        Ok(index)
    }

    /// The name of an interface.
    pub fn interface_name(&self, ifindex: u32) -> Result<String> {
        let mut name = [0 as c_char; sys::ARPQ_IFNAME_SIZE as usize];
        let code = unsafe { sys::arpq_interface_name(self.pointer(), ifindex, name.as_mut_ptr()) };
        self.inner.check(code, "arpq_interface_name")?;
        Ok(array_text(&name))
    }

    /// The default routes, the one that the kernel uses first.
    pub fn gateways(&self) -> Result<Vec<Gateway>> {
        let mut list = ptr::null_mut();
        let code = unsafe { sys::arpq_gateways_get(self.pointer(), 0, 0, &mut list) };
        self.inner.check(code, "arpq_gateways_get")?;
        let gateways =
            unsafe { copies(|count, stride| sys::arpq_gateways_entries(list, count, stride)) };
        unsafe { sys::arpq_gateways_free(list) };
        Ok(gateways.into_iter().map(Gateway).collect())
    }

    /// The entry of an IP address, which the kernel finds out if it does not know it. None waits
    /// until the kernel gives up, about 3 s.
    pub fn resolve(&self, ip: impl Into<Ip>, timeout: Option<Duration>) -> Result<Neigh> {
        self.resolve_on(ip, 0, 0, timeout)
    }

    /// [`Handle::resolve`] on one interface (0: have it chosen), with `sys::ARPQ_RESOLVE_*` flags.
    pub fn resolve_on(
        &self,
        ip: impl Into<Ip>,
        ifindex: u32,
        flags: u32,
        timeout: Option<Duration>,
    ) -> Result<Neigh> {
        let ip = ip.into();
        let mut neigh = zeroed();
        let wait = milliseconds(timeout);
        let code =
            unsafe { sys::arpq_resolve(self.pointer(), &ip.0, ifindex, flags, wait, &mut neigh) };
        self.inner.check(code, "arpq_resolve")?;
        Ok(Neigh(neigh))
    }
}

/// Copies of the entries of a list, which lie one behind the other, `stride` bytes apart.
///
/// # Safety
/// `entries` must be the function of a list that is not freed, for entries of type `T`.
pub(crate) unsafe fn copies<T: Copy>(
    entries: impl FnOnce(*mut u32, *mut u32) -> *const T,
) -> Vec<T> {
    let (mut count, mut stride) = (0, 0);
    let first: *const u8 = entries(&mut count, &mut stride).cast();
    (0..count as usize)
        .map(|n| ptr::read_unaligned(first.add(n * stride as usize).cast()))
        .collect()
}

/// The entries of a list, which is freed.
///
/// # Safety
/// `list` must be a list that the library made.
pub(crate) unsafe fn neighbours(list: *mut sys::arpq_table) -> Vec<Neigh> {
    let entries = copies(|count, stride| sys::arpq_table_entries(list, count, stride));
    sys::arpq_table_free(list);
    entries.into_iter().map(Neigh).collect()
}
