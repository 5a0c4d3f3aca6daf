//! How servers and sets of them are stored and sent: by name in formats that
//! people read ("S1", ["S1", "S3"]), as one small number in others. What comes
//! in is checked, so that no stored number can name a server that cannot be.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{NodeId, NodeSet};

impl Serialize for NodeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_u8(self.number())
        }
    }
}

impl<'de> Deserialize<'de> for NodeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "a server S1 to S9";
        if deserializer.is_human_readable() {
            let name = String::deserialize(deserializer)?;
            let named = Self::first(Self::MAX).find(|id| name.strip_prefix('S') == digit(*id));
            named.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&name), &expected))
        } else {
            let number = u8::deserialize(deserializer)?;
            let unexpected = Unexpected::Unsigned(number.into());
            Self::new(number).ok_or_else(|| D::Error::invalid_value(unexpected, &expected))
        }
    }
}

fn digit(id: NodeId) -> Option<&'static str> {
    let place = usize::from(id.number());
    "0123456789".get(place..=place)
}

impl Serialize for NodeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_seq(self.iter())
        } else {
            serializer.serialize_u16(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for NodeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return Vec::<NodeId>::deserialize(deserializer).map(Self::from_iter);
        }
        let bits = u16::deserialize(deserializer)?;
        let known = Self::first(NodeId::MAX).0;
        if bits & !known != 0 {
            let unexpected = Unexpected::Unsigned(bits.into());
            return Err(D::Error::invalid_value(unexpected, &"a set of S1 to S9"));
        }
        Ok(Self(bits))
    }
}
