//! Any texts are logs: their lines tell something or nothing, and what they tell is a story
//! that can be shown, in part, too, and exported.
#![no_main]

use hustings_lab::narrate::Lang;
use hustings_logs::{Given, Micros, Reader, Story, Text};
use libfuzzer_sys::fuzz_target;

/// More files than this tell nothing new.
const FILES_MAX: usize = 3;

// A byte of zero is in no text, so it divides the files.
fuzz_target!(|logs: &[u8]| {
    let logs = logs.split(|byte| *byte == 0).take(FILES_MAX);
    let texts = logs.filter_map(|log| Text::new("m1.log", log.to_vec()).ok());
    let story = Story::of(Reader::new(texts.collect()).finish(), &Given::default());
    tell(&story);
    if let Some(begins) = story.begins() {
        let middle = begins + Micros::ZERO.midpoint(story.lasts());
        tell(&story.clone().between(Some(middle), None));
        tell(&story.between(None, Some(middle)));
    }
});

fn tell(story: &Story) {
    let shown = story.shown(Lang::En);
    let (first, last) = story.told_of();
    let told = story.events.iter().filter(|it| first <= it.at && it.at <= last);
    assert_eq!(shown.events.len(), told.count());
    let mut told = Vec::new();
    story.write_json(Lang::En, &mut told).expect("a vector takes all");
    story.write_csv(Lang::En, &mut told).expect("a vector takes all");
}
