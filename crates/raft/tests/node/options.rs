//! Settings and their ranges.

use hustings_raft::{Millis, MillisRange};

#[test]
fn a_range_never_ends_before_it_begins() {
    assert_eq!(MillisRange::new(20, 10), None);
    for range in [
        MillisRange::new(10, 20).expect("a range"),
        MillisRange::between(10, 20),
        MillisRange::between(20, 10),
    ] {
        assert_eq!((range.min(), range.max()), (Millis(10), Millis(20)));
    }
    let fixed = MillisRange::exactly(5);
    assert_eq!((fixed.min(), fixed.max()), (Millis(5), Millis(5)));
    assert_eq!(MillisRange::new(5, 5), Some(fixed));
}
