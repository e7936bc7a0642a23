// SPDX-License-Identifier: MIT
//! Declarations of libarpq. The header arpq.h documents every function, struct and constant.
//!
//! The crate links libarpq as pkg-config describes it. With the environment variable ARPQ_LIB_DIR it
//! links the library in that directory, with the feature `bundled` the sources that it compiles.
#![allow(non_camel_case_types)]

#[cfg(test)]
macro_rules! check {
    ($type:ident, $size:expr, $($member:ident $offset:expr,)*) => {
        assert_eq!(std::mem::size_of::<$type>(), $size, stringify!($type));
        let object = std::mem::MaybeUninit::<$type>::uninit();
        let start = object.as_ptr();
        $(
            // No reference to the members, which have no value.
            let member = unsafe { std::ptr::addr_of!((*start).$member) };
            assert_eq!(member as usize - start as usize, $offset,
                       "{}.{}", stringify!($type), stringify!($member));
        )*
    };
}

#[rustfmt::skip]
mod generated;
pub use generated::*;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structs_are_laid_out_as_in_c() {
        check_layout();
    }

    #[test]
    fn the_library_has_the_same_sizes() {
        assert_eq!(unsafe { arpq_abi() }, ARPQ_ABI);
        for (name, size) in SIZES {
            assert_eq!(unsafe { arpq_sizeof(name.as_ptr().cast()) }, *size, "{name}");
        }
    }
}
