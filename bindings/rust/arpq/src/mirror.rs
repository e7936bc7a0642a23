// SPDX-License-Identifier: MIT
use crate::handle::{neighbours, Inner};
use crate::values::zeroed;
use crate::{sys, Filter, Handle, Ip, Mac, Neigh, Result};
use std::ptr;
use std::sync::Arc;

/// A copy of the neighbour table in memory. Questions make no system call, and any number of threads
/// may ask.
pub struct Mirror {
    pointer: *mut sys::arpq_mirror,
    inner: Arc<Inner>,
}

// Threads that ask never wait for the one that writes, and any thread may call sync. There is no
// callback that could keep a value of one thread.
unsafe impl Send for Mirror {}
unsafe impl Sync for Mirror {}

impl Drop for Mirror {
    fn drop(&mut self) {
        unsafe { sys::arpq_mirror_close(self.pointer) }
    }
}

impl Handle {
    /// A mirror that a thread of the library keeps current.
    pub fn mirror(&self) -> Result<Mirror> {
        self.mirror_with(sys::ARPQ_MIRROR_THREAD)
    }

    /// A mirror that changes when [`Mirror::sync`] is called.
    pub fn mirror_by_hand(&self) -> Result<Mirror> {
        self.mirror_with(0)
    }

    fn mirror_with(&self, flags: u32) -> Result<Mirror> {
        let mut options: sys::arpq_mirror_options = zeroed();
        options.size = std::mem::size_of_val(&options) as u32;
        options.flags = flags;
        let mut pointer = ptr::null_mut();
        let code = unsafe { sys::arpq_mirror_open(self.inner.pointer(), &mut pointer, &options) };
        self.inner.check(code, "arpq_mirror_open")?;
        Ok(Mirror { pointer, inner: self.inner.clone() })
    }
}

impl Mirror {
    /// Applies the changes that are waiting, and returns how many.
    pub fn sync(&self) -> Result<u32> {
        let code = unsafe { sys::arpq_mirror_sync(self.pointer) };
        Ok(self.inner.check(code, "arpq_mirror_sync")? as u32)
    }

    /// The link-layer address of an IP address; ifindex 0 for any interface.
    pub fn lookup(&self, ip: impl Into<Ip>, ifindex: u32) -> Result<Mac> {
        let ip = ip.into();
        let mut mac = zeroed();
        let code = unsafe { sys::arpq_mirror_lookup(self.pointer, &ip.0, ifindex, &mut mac) };
        self.inner.check(code, "arpq_mirror_lookup")?;
        Ok(Mac(mac))
    }

    /// The whole entry; ifindex 0 for any interface.
    pub fn get(&self, ip: impl Into<Ip>, ifindex: u32) -> Result<Neigh> {
        let ip = ip.into();
        let mut neigh = zeroed();
        let code = unsafe { sys::arpq_mirror_get(self.pointer, &ip.0, ifindex, &mut neigh) };
        self.inner.check(code, "arpq_mirror_get")?;
        Ok(Neigh(neigh))
    }

    /// The entries that the filter means.
    pub fn table(&self, filter: &Filter) -> Result<Vec<Neigh>> {
        let filter = filter.raw();
        let mut list = ptr::null_mut();
        let code = unsafe { sys::arpq_mirror_table(self.pointer, &filter, &mut list) };
        self.inner.check(code, "arpq_mirror_table")?;
        Ok(unsafe { neighbours(list) })
    }

    /// The counters.
    pub fn stats(&self) -> Result<sys::arpq_sync_stats> {
        let mut stats = zeroed();
        let code = unsafe { sys::arpq_mirror_stats(self.pointer, &mut stats) };
        self.inner.check(code, "arpq_mirror_stats")?;
        Ok(stats)
    }
}
