// SPDX-License-Identifier: MIT
use crate::{sys, Error, Result};
use std::ffi::{CStr, CString};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::raw::{c_char, c_int};
use std::str::FromStr;
use std::time::Duration;

pub(crate) const AF_INET: u16 = 2;
pub(crate) const AF_INET6: u16 = 10;
pub(crate) const EINVAL: c_int = 22;
pub(crate) const ENODATA: c_int = 61;
pub(crate) const ELIBBAD: c_int = 80;

/// A struct of zeros, which is how every struct of options begins.
pub(crate) fn zeroed<T: Copy>() -> T {
    // The structs of the library consist of numbers, and of pointers that may be NULL.
    unsafe { std::mem::zeroed() }
}

/// A constant text of the library, or one that lives as long as the caller says.
pub(crate) fn text<'a>(pointer: *const c_char) -> &'a str {
    if pointer.is_null() {
        return "";
    }
    unsafe { CStr::from_ptr(pointer) }.to_str().unwrap_or("")
}

/// A text in an array, which a NUL ends.
pub(crate) fn array_text(array: &[c_char]) -> String {
    let bytes: Vec<u8> =
        array.iter().take_while(|byte| **byte != 0).map(|byte| *byte as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn c_text(text: &str, call: &'static str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::new(-EINVAL, call, String::new()))
}

/// Milliseconds for the library, rounded up; None waits without limit.
pub(crate) fn milliseconds(time: Option<Duration>) -> i32 {
    match time {
        None => -1,
        Some(time) => i32::try_from((time.as_micros() + 999) / 1000).unwrap_or(i32::MAX),
    }
}

/// The name of a value or flag of the set `arpq::sys::ARPQ_NAMES_*`; "" if it has none.
pub fn name(set: u32, value: u32) -> &'static str {
    text(unsafe { sys::arpq_name(set, value) })
}

/// An IP address; a link-local one may have a scope, the index of its interface.
#[derive(Clone, Copy)]
pub struct Ip(pub(crate) sys::arpq_ip);

impl Ip {
    /// An address of link scope on the interface with this index.
    pub fn with_scope(ip: Ipv6Addr, scope: u32) -> Ip {
        let mut value = Ip::from(ip);
        value.0.scope = scope;
        value
    }

    pub(crate) fn some(value: sys::arpq_ip) -> Option<Ip> {
        if value.family == 0 {
            None
        } else {
            Some(Ip(value))
        }
    }

    /// The address without its scope.
    pub fn addr(&self) -> IpAddr {
        let bytes = self.0.bytes;
        if self.0.family == AF_INET {
            IpAddr::V4(Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]))
        } else {
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
    }

    /// The index of the interface that the address belongs to, or 0.
    pub fn scope(&self) -> u32 {
        self.0.scope
    }
}

impl From<Ipv4Addr> for Ip {
    fn from(ip: Ipv4Addr) -> Ip {
        let mut value = sys::arpq_ip { bytes: [0; 16], scope: 0, family: AF_INET, reserved: 0 };
        value.bytes[..4].copy_from_slice(&ip.octets());
        Ip(value)
    }
}

impl From<Ipv6Addr> for Ip {
    fn from(ip: Ipv6Addr) -> Ip {
        Ip(sys::arpq_ip { bytes: ip.octets(), scope: 0, family: AF_INET6, reserved: 0 })
    }
}

impl From<IpAddr> for Ip {
    fn from(ip: IpAddr) -> Ip {
        match ip {
            IpAddr::V4(ip) => ip.into(),
            IpAddr::V6(ip) => ip.into(),
        }
    }
}

impl From<SocketAddr> for Ip {
    fn from(address: SocketAddr) -> Ip {
        match address {
            SocketAddr::V4(address) => (*address.ip()).into(),
            SocketAddr::V6(address) => Ip::with_scope(*address.ip(), address.scope_id()),
        }
    }
}

impl FromStr for Ip {
    type Err = Error;

    fn from_str(text: &str) -> Result<Ip> {
        let text = c_text(text, "arpq_ip_parse")?;
        let mut value = zeroed();
        let code = unsafe { sys::arpq_ip_parse(text.as_ptr(), &mut value, 0) };
        if code < 0 {
            return Err(Error::new(code, "arpq_ip_parse", String::new()));
        }
        Ok(Ip(value))
    }
}

impl PartialEq for Ip {
    fn eq(&self, other: &Ip) -> bool {
        unsafe { sys::arpq_ip_compare(&self.0, &other.0) == 0 }
    }
}

impl Eq for Ip {}

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0 as c_char; sys::ARPQ_IP_STRLEN as usize];
        f.write_str(text(unsafe {
            sys::arpq_ip_format(&self.0, buffer.as_mut_ptr(), buffer.len())
        }))
    }
}

impl fmt::Debug for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address and a length in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The address; the bits after the length do not count.
    pub ip: Ip,
    /// 0 to 32, or 0 to 128.
    pub length: u32,
}

impl FromStr for Prefix {
    type Err = Error;

    fn from_str(text: &str) -> Result<Prefix> {
        let text = c_text(text, "arpq_prefix_parse")?;
        let mut ip = zeroed();
        let mut length = 0;
        let code = unsafe { sys::arpq_prefix_parse(text.as_ptr(), &mut ip, &mut length, 0) };
        if code < 0 {
            return Err(Error::new(code, "arpq_prefix_parse", String::new()));
        }
        Ok(Prefix { ip: Ip(ip), length })
    }
}

/// What an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The entry of the address in the kernel's table.
    Table,
    /// The entry of the gateway to the address.
    Gateway,
    /// An address of this machine.
    Local,
    /// A group, mapped.
    Multicast,
    /// A broadcast address of the link.
    Broadcast,
    /// A later library has more.
    Other(u8),
}

/// A link-layer address of 1 to 32 bytes.
#[derive(Clone, Copy)]
pub struct Mac(pub(crate) sys::arpq_mac);

impl Mac {
    pub(crate) fn some(value: sys::arpq_mac) -> Option<Mac> {
        if value.length == 0 {
            None
        } else {
            Some(Mac(value))
        }
    }

    /// The bytes of the address.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.bytes[..self.0.length as usize]
    }

    /// The type of its link, an ARPHRD_* number.
    pub fn link_type(&self) -> u16 {
        self.0.r#type
    }

    /// Of an answer of a lookup: where it comes from.
    pub fn origin(&self) -> Origin {
        match u32::from(self.0.origin) {
            sys::ARPQ_ORIGIN_TABLE => Origin::Table,
            sys::ARPQ_ORIGIN_GATEWAY => Origin::Gateway,
            sys::ARPQ_ORIGIN_LOCAL => Origin::Local,
            sys::ARPQ_ORIGIN_MULTICAST => Origin::Multicast,
            sys::ARPQ_ORIGIN_BROADCAST => Origin::Broadcast,
            _ => Origin::Other(self.0.origin),
        }
    }
}

impl FromStr for Mac {
    type Err = Error;

    fn from_str(text: &str) -> Result<Mac> {
        let text = c_text(text, "arpq_mac_parse")?;
        let mut value = zeroed();
        let code = unsafe { sys::arpq_mac_parse(text.as_ptr(), &mut value) };
        if code < 0 {
            return Err(Error::new(code, "arpq_mac_parse", String::new()));
        }
        Ok(Mac(value))
    }
}

impl PartialEq for Mac {
    fn eq(&self, other: &Mac) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Mac {}

impl std::hash::Hash for Mac {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, byte) in self.as_bytes().iter().enumerate() {
            let colon = if n == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
