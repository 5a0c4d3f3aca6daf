use super::Told;
use crate::line::Line;
use crate::names::Names;

pub(super) fn read(_line: &Line<'_>, _names: &mut Names) -> Option<Told> {
    None
}
