// SPDX-License-Identifier: MIT
//! lookup ADDRESS... - print the link-layer address of each IP address.
//! lookup --time ADDRESS - nanoseconds of a lookup, in the best of 100 batches of 1000
use arpq::{Handle, Ip, Result};
use std::time::{Duration, Instant};

fn lookup(handle: &Handle, text: &str) -> Result<String> {
    let mac = handle.lookup(text.parse::<Ip>()?)?;
    Ok(format!("{mac} {:?}", mac.origin()))
}

fn measure(handle: &Handle, text: &str) -> Result<()> {
    const COUNT: u32 = 1000;
    let mut best = Duration::MAX;
    for _ in 0..100 {
        let start = Instant::now();
        for _ in 0..COUNT {
            handle.lookup(text.parse::<Ip>()?)?.to_string();
        }
        best = best.min(start.elapsed());
    }
    println!("{}", (best / COUNT).as_nanos());
    Ok(())
}

fn main() -> Result<()> {
    let handle = Handle::open()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [option, text] = &arguments[..] {
        if option == "--time" {
            return measure(&handle, text);
        }
    }
    for text in &arguments {
        match lookup(&handle, text) {
            Ok(answer) => println!("{text} {answer}"),
            Err(error) => println!("{text} {error}"),
        }
    }
    Ok(())
}
