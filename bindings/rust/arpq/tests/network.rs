// SPDX-License-Identifier: MIT
//! Run by tests/bindings/language.sh, which describes the network.
use arpq::{
    sys, Filter, Handle, Ip, Lookup, Mac, Mirror, Origin, PingOptions, Pinger, ResolveOptions,
    Resolver, Sweep, SweepOptions, Watch, WatchOptions,
};
use std::collections::HashMap;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

const PERMANENT: &str = "02:00:00:00:00:09";
const PEER: &str = "02:00:00:00:00:02";

fn ip(words: &str) {
    let done = Command::new("ip").args(words.split(' ')).status().unwrap();
    assert!(done.success(), "ip {words}");
}

fn address(text: &str) -> Ip {
    text.parse().unwrap()
}

fn slow(time: Duration) -> Duration {
    let slowness = std::env::var("ARPQ_TEST_SLOWNESS").ok().and_then(|text| text.parse().ok());
    time * slowness.unwrap_or(1)
}

#[test]
fn lookup() {
    let handle = Handle::open().unwrap();
    let mac = handle.lookup(address("192.0.2.9")).unwrap();
    assert_eq!(mac.to_string(), PERMANENT);
    assert_eq!(mac.as_bytes(), [2, 0, 0, 0, 0, 9]);
    assert_eq!(mac.origin(), Origin::Table);
    assert_eq!(handle.lookup(Ipv4Addr::new(192, 0, 2, 1)).unwrap().origin(), Origin::Local);
    let index = handle.interface_index("v0").unwrap();
    assert_eq!(handle.interface_name(index).unwrap(), "v0");
    assert_eq!(handle.lookup_on(address("192.0.2.9"), index, Lookup::TABLE_ONLY).unwrap(), mac);
    let neigh = handle.get(address("192.0.2.9")).unwrap();
    assert_eq!((neigh.state_name(), neigh.mac(), neigh.ifindex()), ("PERMANENT", Some(mac), index));
}

#[test]
fn failures() {
    let handle = Handle::open().unwrap();
    let error = handle.lookup(address("192.0.2.77")).unwrap_err();
    assert_eq!((error.errno(), error.name(), error.call()), (2, "ENOENT", "arpq_lookup"));
    assert!(error.to_string().contains("no neighbour entry"), "{error}");
    assert_eq!(std::io::Error::from(error).kind(), std::io::ErrorKind::NotFound);
    for text in ["", "192.0.2", "192.0.2.1 ", "1.2.3.4\0", "::g"] {
        assert_eq!(text.parse::<Ip>().unwrap_err().name(), "EINVAL", "{text}");
    }
    assert_eq!("02:00".parse::<Mac>().unwrap().as_bytes(), [2, 0]);
    assert_eq!("02:0".parse::<Mac>().unwrap_err().name(), "EINVAL");
    assert_eq!(handle.interface_index("none").unwrap_err().name(), "ENODEV");
    assert_eq!(handle.interface_index("a\0b").unwrap_err().name(), "EINVAL");
    let both = Lookup::ANY_INTERFACE | Lookup::VIA_GATEWAY;
    assert_eq!(handle.lookup_on(address("192.0.2.9"), 0, both).unwrap_err().name(), "EINVAL");
    assert_eq!(
        Handle::open_in(&std::fs::File::open("/dev/null").unwrap()).err().unwrap().name(),
        "EINVAL"
    );
}

#[test]
fn lists() {
    let handle = Handle::open().unwrap();
    let filter = Filter { prefix: "192.0.2.8/30".parse().ok(), ..Filter::default() };
    let table = handle.table(&filter).unwrap();
    assert_eq!(table.iter().map(|neigh| neigh.ip()).collect::<Vec<_>>(), [address("192.0.2.9")]);
    let found = handle.find_mac(&PERMANENT.parse().unwrap()).unwrap();
    assert_eq!(found.len(), 1);
    let interfaces = handle.interfaces().unwrap();
    let v0 = interfaces.iter().find(|interface| interface.name() == "v0").unwrap();
    assert_eq!(v0.kind(), "veth");
    assert!(v0
        .addresses()
        .iter()
        .any(|a| a.ip() == address("192.0.2.1") && a.prefix_length() == 24));
    let gateways = handle.gateways().unwrap();
    assert_eq!(gateways[0].ip(), Some(address("192.0.2.2")));
    assert!(gateways[0].is_chosen());
}

#[test]
fn peer() {
    let handle = Handle::open().unwrap();
    let listener = TcpListener::bind("192.0.2.1:0").unwrap();
    let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    assert_eq!(handle.peer(&socket, Lookup::DEFAULT).unwrap().origin(), Origin::Local);
    assert_eq!(handle.peer(&listener, Lookup::DEFAULT).unwrap_err().name(), "ENOTCONN");
}

#[test]
fn resolve() {
    let handle = Handle::open().unwrap();
    for text in ["192.0.2.2", "2001:db8::2"] {
        let neigh = handle.resolve(address(text), None).unwrap();
        assert_eq!(neigh.mac().unwrap().to_string(), PEER);
    }
    let short = Some(Duration::from_millis(30));
    assert_eq!(handle.resolve(address("192.0.2.77"), short).unwrap_err().name(), "EHOSTUNREACH");
    let mut resolver =
        handle.resolver(&ResolveOptions { answer: short, ..ResolveOptions::default() }).unwrap();
    for (token, text) in ["192.0.2.2", "192.0.2.78", "192.0.2.9"].iter().enumerate() {
        resolver.add(address(text), 0, token as u64).unwrap();
    }
    let results: HashMap<u64, Option<Mac>> = resolver
        .map(|result| result.unwrap())
        .map(|resolved| (resolved.token, resolved.neigh.ok().and_then(|neigh| neigh.mac())))
        .collect();
    assert_eq!(results[&0].unwrap().to_string(), PEER);
    assert_eq!(results[&1], None);
    assert_eq!(results[&2].unwrap().to_string(), PERMANENT);
}

#[test]
fn ping() {
    let handle = Handle::open().unwrap();
    let reply = handle.ping(address("192.0.2.2"), &PingOptions::default()).unwrap();
    assert_eq!(reply.from(), Some(address("192.0.2.2")));
    assert!(reply.rtt() > Duration::ZERO);
    let short = PingOptions { answer: Some(Duration::from_millis(30)), ..PingOptions::default() };
    assert_eq!(handle.ping(address("192.0.2.9"), &short).unwrap_err().name(), "ETIMEDOUT");
    let mut pinger = handle.pinger(&short).unwrap();
    pinger.add(address("192.0.2.1"), 7, 11).unwrap();
    let pinged = pinger.next().unwrap().unwrap();
    assert_eq!((pinged.sequence, pinged.token, pinged.reply.is_ok()), (7, 11, true));
    assert!(pinger.next().is_none());
}

#[test]
fn sweep() {
    let handle = Handle::open().unwrap();
    let options = SweepOptions {
        attempts: 1,
        answer: Some(Duration::from_millis(100)),
        ..SweepOptions::default()
    };
    let mut sweep = handle.sweep(&"192.0.2.0/30".parse().unwrap(), &options).unwrap();
    let found: HashMap<String, String> = sweep
        .by_ref()
        .map(|found| found.unwrap())
        .map(|found| (found.ip().to_string(), found.mac().unwrap().to_string()))
        .collect();
    assert_eq!(found["192.0.2.2"], PEER);
    assert_eq!(sweep.stats().finished, 1);
    assert!(sweep.next().is_none());
}

#[test]
fn watch() {
    let handle = Handle::open().unwrap();
    let filter = Filter { prefix: "192.0.2.64/32".parse().ok(), ..Filter::default() };
    let mut watch =
        handle.watch(&WatchOptions { existing: true, filter, ..WatchOptions::default() }).unwrap();
    drop(handle); // the watch goes on
    assert_eq!(watch.next().unwrap().unwrap().name(), "SYNCED");
    assert!(watch.next_within(Some(Duration::ZERO)).unwrap().is_none());
    ip("neigh add 192.0.2.64 lladdr 02:00:00:00:00:64 dev v0 nud permanent");
    let event = watch.next().unwrap().unwrap();
    assert_eq!(event.name(), "NEIGH_ADDED");
    assert_eq!(event.neigh.unwrap().mac().unwrap().to_string(), "02:00:00:00:00:64");
    assert!(event.interface.is_none() && event.address.is_none());
    ip("neigh del 192.0.2.64 dev v0");
    let removed =
        watch.map(|event| event.unwrap()).find(|event| event.kind == sys::ARPQ_EVENT_NEIGH_REMOVED);
    assert_eq!(removed.unwrap().neigh.unwrap().ip(), address("192.0.2.64"));
}

#[test]
fn mirror() {
    let handle = Handle::open().unwrap();
    let mirror = handle.mirror().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    let mac = mirror.lookup(address("192.0.2.9"), 0).unwrap();
                    assert_eq!(mac.to_string(), PERMANENT);
                }
            });
        }
    });
    assert_eq!(mirror.lookup(address("192.0.2.65"), 0).unwrap_err().name(), "ENOENT");
    assert_eq!(mirror.get(address("192.0.2.9"), 0).unwrap().state(), sys::ARPQ_STATE_PERMANENT);
    let by_hand = handle.mirror_by_hand().unwrap();
    ip("neigh add 192.0.2.65 lladdr 02:00:00:00:00:65 dev v0 nud permanent");
    let end = Instant::now() + slow(Duration::from_secs(5));
    while by_hand.lookup(address("192.0.2.65"), 0).is_err() && Instant::now() < end {
        by_hand.sync().unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(by_hand.lookup(address("192.0.2.65"), 0).unwrap().to_string(), "02:00:00:00:00:65");
    assert!(by_hand.table(&Filter::default()).unwrap().len() >= 2);
    assert!(by_hand.stats().unwrap().entries >= 2);
    ip("neigh del 192.0.2.65 dev v0");
}

#[test]
fn another_thread_ends_a_wait() {
    let handle = Handle::open().unwrap();
    let filter = Filter { prefix: "192.0.2.66/32".parse().ok(), ..Filter::default() };
    let mut watch = handle.watch(&WatchOptions { filter, ..WatchOptions::default() }).unwrap();
    let waiting = std::thread::spawn(move || {
        let error = watch.next_within(None).unwrap_err();
        (watch, error)
    });
    std::thread::sleep(Duration::from_millis(20));
    handle.wake();
    let (mut watch, error) = waiting.join().unwrap();
    assert_eq!(error.name(), "ECANCELED");
    handle.wake_clear();
    assert!(watch.next_within(Some(Duration::from_millis(1))).unwrap().is_none());
}

#[test]
fn threads_as_the_header_says() {
    fn any_thread<T: Send + Sync>() {}
    fn one_at_a_time<T: Send>() {}
    any_thread::<Handle>();
    any_thread::<Mirror>();
    one_at_a_time::<Watch>();
    one_at_a_time::<Sweep>();
    one_at_a_time::<Resolver>();
    one_at_a_time::<Pinger>();
}

#[test]
fn another_namespace() {
    let namespace = std::fs::File::open("/proc/self/ns/net").unwrap();
    let handle = Handle::open_in(&namespace).unwrap();
    assert_eq!(handle.lookup(address("192.0.2.9")).unwrap().to_string(), PERMANENT);
}
