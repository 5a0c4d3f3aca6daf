//! Sets of servers.

use hustings_raft::{NodeId, NodeSet};

fn set(numbers: &[u8]) -> NodeSet {
    numbers.iter().filter_map(|n| NodeId::new(*n)).collect()
}

#[test]
fn a_set_iterates_in_order_from_both_ends() {
    let numbers = |nodes: Vec<NodeId>| -> Vec<u8> {
        let numbers = nodes.into_iter().map(NodeId::number);
        numbers.collect()
    };
    let nodes = set(&[9, 1, 4]);
    assert_eq!(numbers(nodes.iter().collect()), [1, 4, 9]);
    assert_eq!(numbers(nodes.iter().rev().collect()), [9, 4, 1]);
    let mut ends = nodes.iter();
    assert_eq!(ends.next_back(), NodeId::new(9));
    assert_eq!(ends.next(), NodeId::new(1));
    assert_eq!(ends.next_back(), NodeId::new(4));
    assert_eq!((ends.next(), ends.next_back()), (None, None));
    assert_eq!(NodeSet::EMPTY.iter().next_back(), None);
}
