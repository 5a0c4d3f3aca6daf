use super::Line;

pub(super) fn read(_text: &str) -> Option<Line<'_>> {
    None
}
