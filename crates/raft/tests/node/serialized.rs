//! Serialization of server names, ranges and entries; invalid ones are rejected.
#![cfg(feature = "serde")]

use hustings_raft::{Entries, MillisRange, NodeId, NodeSet};

use crate::support::entries;

fn server(number: u8) -> NodeId {
    NodeId::new(number).expect("1 to 9")
}

#[test]
fn human_readable_formats_use_names() {
    let set = NodeSet::from_iter([server(1), server(9)]);
    let id: NodeId = serde_json::from_str(r#""S3""#).expect("S3");
    let same: NodeSet = serde_json::from_str(r#"["S9","S1"]"#).expect("a set");
    assert_eq!((id, same), (server(3), set));
    assert_eq!(serde_json::to_string(&id).expect("json"), r#""S3""#);
    assert_eq!(serde_json::to_string(&set).expect("json"), r#"["S1","S9"]"#);
}

#[test]
fn binary_formats_use_numbers() {
    let set = NodeSet::from_iter([server(1), server(9)]);
    let id = postcard::to_allocvec(&server(3)).expect("postcard");
    assert_eq!(id, [3]);
    assert_eq!(postcard::from_bytes(&id), Ok(server(3)));
    let bytes = postcard::to_allocvec(&set).expect("postcard");
    assert_eq!(postcard::from_bytes(&bytes), Ok(set));
}

#[test]
fn invalid_server_numbers_are_rejected() {
    for name in [r#""S0""#, r#""S10""#, r#""S01""#, r#""s1""#, r#""""#, "1"] {
        assert!(serde_json::from_str::<NodeId>(name).is_err(), "{name}");
    }
    for number in [0, 10, 255] {
        assert!(
            postcard::from_bytes::<NodeId>(&[number]).is_err(),
            "{number}"
        );
    }
    for bits in [1_u16, 0x400] {
        let bytes = postcard::to_allocvec(&bits).expect("postcard");
        assert!(postcard::from_bytes::<NodeSet>(&bytes).is_err(), "{bits}");
    }
}

#[test]
fn a_range_that_ends_before_it_begins_is_rejected() {
    let range: MillisRange = serde_json::from_str(r#"{"min":10,"max":20}"#).expect("a range");
    assert_eq!(range, MillisRange::between(10, 20));
    let bytes = postcard::to_allocvec(&range).expect("postcard");
    assert_eq!(postcard::from_bytes(&bytes), Ok(range));
    assert!(serde_json::from_str::<MillisRange>(r#"{"min":20,"max":10}"#).is_err());
    assert!(postcard::from_bytes::<MillisRange>(&[20, 10]).is_err());
}

#[test]
fn entries_are_a_list() {
    for terms in [&[][..], &[1, 2]] {
        let (plain, some) = (entries(terms), Entries::from(entries(terms)));
        let json = serde_json::to_string(&plain).expect("json");
        assert_eq!(serde_json::to_string(&some).expect("json"), json);
        assert_eq!(
            serde_json::from_str::<Entries>(&json).expect("a list"),
            some
        );
        let bytes = postcard::to_allocvec(&plain).expect("postcard");
        assert_eq!(postcard::to_allocvec(&some), Ok(bytes.clone()));
        assert_eq!(postcard::from_bytes(&bytes), Ok(some));
    }
}
