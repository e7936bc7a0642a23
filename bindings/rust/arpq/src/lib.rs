// SPDX-License-Identifier: MIT
//! Which link-layer (MAC) address does this IP address have? The neighbour tables of Linux (ARP and
//! NDP).
//!
//! ```no_run
//! let handle = arpq::Handle::open()?;
//! let mac = handle.lookup("192.0.2.1".parse::<arpq::Ip>()?)?;
//! println!("{mac}");
//! # Ok::<(), arpq::Error>(())
//! ```
//!
//! Any number of threads may use a [`Handle`], a [`Mirror`] and a list. A [`Watch`], [`Sweep`],
//! [`Resolver`] and [`Pinger`] belong to one thread at a time, which may change. [`Handle::wake`]
//! ends the waits of other threads.
//!
//! In a child process after fork(2), only handles and mirrors may be used; the other objects may be
//! dropped.
#![warn(missing_docs)]

mod error;
mod handle;
mod lists;
mod mirror;
mod values;
mod waits;

pub use error::{Error, Result};
pub use handle::{Filter, Handle, Lookup};
pub use lists::{Address, Gateway, Interface, Neigh};
pub use mirror::Mirror;
pub use values::{name, Ip, Mac, Origin, Prefix};
pub use waits::{
    Event, Found, PingOptions, PingReply, Pinged, Pinger, ResolveOptions, Resolved, Resolver,
    Sweep, SweepOptions, Watch, WatchOptions,
};

/// The declarations of the library, with its constants.
pub use arpq_sys as sys;

/// The version of the library that is running, such as "0.1.0".
pub fn version() -> &'static str {
    values::text(unsafe { sys::arpq_version() })
}
