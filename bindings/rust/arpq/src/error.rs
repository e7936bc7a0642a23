// SPDX-License-Identifier: MIT
use crate::{sys, values};
use std::fmt;

/// The result of every call that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    errno: i32,
    call: &'static str,
    detail: String,
}

impl Error {
    pub(crate) fn new(code: i32, call: &'static str, detail: String) -> Error {
        Error { errno: -code, call, detail }
    }

    /// The library was compiled with other structs than this crate.
    pub(crate) fn other_abi(detail: String) -> Error {
        Error { errno: values::ELIBBAD, call: "arpq_abi", detail }
    }

    /// The errno value, positive: 2 for ENOENT.
    pub fn errno(&self) -> i32 {
        self.errno
    }

    /// The name of the errno value, such as "ENOENT"; "" if the library has no name for it.
    pub fn name(&self) -> &'static str {
        values::name(sys::ARPQ_NAMES_ERROR, self.errno as u32)
    }

    /// The words of the kernel about the failure, or "".
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The function of the library that failed.
    pub fn call(&self) -> &'static str {
        self.call
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.errno == values::ELIBBAD {
            return write!(f, "{}", self.detail);
        }
        let words = values::text(unsafe { sys::arpq_strerror(-self.errno) });
        write!(f, "{}: {words}", self.call)?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        let kind = std::io::Error::from_raw_os_error(error.errno).kind();
        std::io::Error::new(kind, error)
    }
}
