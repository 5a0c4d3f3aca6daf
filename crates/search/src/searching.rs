//! A search that is asked, and answers: by a page, which it shares no memory with.

use std::rc::Rc;

use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::script::ScriptError;
use hustings_lab::{Command, Condition, Header, Library, Run, Script};

use crate::bounds::{Bounds, Limited};
use crate::find::{Finder, Phase, Plan};
use crate::goal::Goal;
use crate::lesson::{lesson, script_of};
use crate::next::next;
use crate::reduction::Reduction;
use crate::state::State;
use crate::texts::{Texts, set_chinese, texts};
use crate::told::{self, Account, End};
use crate::wire::{Answer, Ask, Bound, Lesson, Next, Over, Stage, Wanted};

/// A search that is asked, and answers. It works when it is told to ([`Searching::go_on`]).
pub struct Searching {
    library: Rc<dyn Library>,
    lang: Lang,
    number: u32,
    search: Option<Search>,
}

/// What is being searched for.
struct Search {
    run: Run,
    goal: Goal,
    bounds: Bounds,
    reduction: Reduction,
    finder: Finder,
    state: Working,
    /// How many seconds it has worked.
    seconds: f64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Working {
    Goes,
    Pauses,
    Stopped,
}

impl Searching {
    /// One that reads scripts with these programs.
    pub fn new(library: Rc<dyn Library>) -> Self {
        Self {
            library,
            lang: Lang::En,
            number: 0,
            search: None,
        }
    }

    /// Answers what it is asked; nothing about a search that there is not.
    pub fn answer(&mut self, ask: Ask) -> Option<Answer> {
        match ask {
            Ask::Speak(chinese) => {
                self.speak(chinese);
                return Some(Answer::Bounds(bounds(texts(self.lang))));
            }
            Ask::Next(number, script) => {
                return Some(Answer::Next(number, self.next(&script)));
            }
            Ask::Search(number, wanted) => {
                (self.number, self.search) = (number, None);
                match self.begin(&wanted) {
                    Ok(search) => self.search = Some(search),
                    Err(why) => return Some(Answer::Search(number, Stage::Refused(why))),
                }
            }
            Ask::Pause => self.set(Working::Pauses),
            Ask::GoOn => self.set(Working::Goes),
            Ask::Stop => self.set(Working::Stopped),
        }
        self.report()
    }

    /// Works for about a millisecond; returns whether there is more to do.
    pub fn go_on(&mut self) -> bool {
        let Some(search) = self.search.as_mut().filter(|it| it.is_going()) else {
            return false;
        };
        search.finder.go_on();
        search.is_going()
    }

    /// Is told how long it has worked since it was told last.
    pub fn spent(&mut self, seconds: f64) {
        if let Some(search) = &mut self.search {
            search.seconds += seconds;
        }
    }

    /// How the search stands; `None` if there is none. One that is over is told of once.
    pub fn report(&mut self) -> Option<Answer> {
        let search = self.search.as_ref()?;
        let stage = match (search.end(), search.state) {
            (Some(end), _) => Stage::Over(search.over(end, self.lang)),
            (None, Working::Pauses) => Stage::Paused(search.progress(self.lang)),
            (None, _) => Stage::Going(search.progress(self.lang)),
        };
        if let Stage::Over(_) = stage {
            self.search = None;
        }
        Some(Answer::Search(self.number, stage))
    }

    fn set(&mut self, state: Working) {
        if let Some(search) = &mut self.search {
            search.state = state;
        }
    }

    fn speak(&mut self, chinese: Option<String>) {
        self.lang = match chinese {
            None => Lang::En,
            Some(lines) => {
                // Kept for as long as there are searches.
                if let Some((laboratory, ours)) = lines.leak().split_once("\n\n") {
                    Lang::set_chinese(laboratory);
                    set_chinese(ours);
                }
                Lang::Zh
            }
        };
    }

    fn next(&self, script: &str) -> Result<Next, String> {
        Ok(next(&self.play(script, false)?, self.lang))
    }

    /// The run of a script; or why there is none.
    fn play(&self, script: &str, standing_start: bool) -> Result<Run, String> {
        let read = Script::parse_with(script, &*self.library);
        let mut script = read.map_err(|errors| {
            let first = errors.first().map(|it: &ScriptError| it.advice(self.lang));
            first.unwrap_or_default()
        })?;
        if standing_start {
            script.steps.clear();
        }
        let outcome = script.run().map_err(|error| error.tell(self.lang))?;
        match outcome.stopped {
            true => Err(texts(self.lang).not_at_end().to_owned()),
            false => Ok(outcome.run),
        }
    }

    fn begin(&self, wanted: &Wanted) -> Result<Search, String> {
        let run = self.play(&wanted.script, wanted.standing_start)?;
        let goal = goal(&wanted.goal, &run, self.lang)?;
        let changed = Bounds::default().change(&wanted.bounds);
        let bounds = changed.map_err(|error| error.tell(self.lang))?;
        let start = State::new(run.world().clone(), &bounds);
        if let Some(why) = told::crowded_start(&start, self.lang) {
            return Err(why);
        }
        let walks = Plan::default().walks.filter(|_| !wanted.all);
        let plan = Plan {
            breadth: bounds,
            walks,
            bytes_max: wanted.megabytes as usize * 1_000_000,
            ..Plan::default()
        };
        let reduction = Reduction::best(&start, &bounds, &goal);
        let finder = Finder::new(start, goal.clone(), plan);
        Ok(Search {
            run,
            goal,
            bounds,
            reduction,
            finder,
            state: Working::Goes,
            seconds: 0.0,
        })
    }
}

/// What is looked for; or why a text does not say that.
fn goal(text: &str, run: &Run, lang: Lang) -> Result<Goal, String> {
    let read = Condition::parse(text, run.ids());
    read.map(Goal::from).map_err(|error| error.advice(lang))
}

impl Search {
    fn is_going(&self) -> bool {
        self.state == Working::Goes && self.end().is_none()
    }

    fn end(&self) -> Option<End> {
        match (self.finder.phase(), self.state) {
            (Phase::Ended(ending), _) => Some(End::Ending(ending)),
            (_, Working::Stopped) => {
                let looked_at = self.finder.looked_at();
                Some(looked_at.map_or(End::Stopped, End::Ending))
            }
            _ => None,
        }
    }

    fn progress(&self, lang: Lang) -> String {
        told::progress(&self.finder, self.seconds, lang)
    }

    fn over(&self, end: End, lang: Lang) -> Over {
        let found = self.finder.found();
        let account = Account {
            run: &self.run,
            goal: &self.goal,
            bounds: self.bounds,
            reduction: self.reduction,
            found,
            reached: self.finder.reached(),
            end,
            seconds: self.seconds,
            first_found: None,
        };
        let mut told = account.result(lang);
        let lesson = match self.lesson(lang) {
            Ok(lesson) => lesson,
            Err(why) => {
                told = texts(lang).sentences(told, why);
                None
            }
        };
        Over {
            told,
            effort: account.effort(lang),
            lesson,
        }
    }

    /// What was found as a lesson, if it is longer than what was there; or why it cannot be.
    fn lesson(&self, lang: Lang) -> Result<Option<Lesson>, String> {
        let found = self.finder.found().filter(|it| !it.steps.is_empty());
        let Some(found) = found else {
            return Ok(None);
        };
        let told = lesson(&self.run, found, &self.goal, lang);
        let told = told.map_err(|error| error.tell(lang))?;
        let mut script = script_of(&told, &self.goal);
        let title = told::title(&self.goal, found, lang);
        if title.chars().count() <= Header::TITLE_CHARS_MAX {
            script.header.title = title;
        }
        let is_note = |it: &&Command| matches!(it, Command::Note(_));
        Ok(Some(Lesson {
            script: script.to_string(),
            caption: self.run.commands().iter().filter(is_note).count() + 1,
        }))
    }
}

/// The bounds that there are, as they are by default.
fn bounds(t: Texts) -> Vec<Bound> {
    let default = Bounds::default();
    let told = |limited| match limited {
        Limited::Timeouts => t.bound_timeouts(),
        Limited::Heartbeats => t.bound_heartbeats(),
        Limited::Requests => t.bound_requests(),
        Limited::Crashes => t.bound_crashes(),
        Limited::Copies => t.bound_copies(),
        Limited::Losses => t.bound_losses(),
        Limited::Cuts => t.bound_cuts(),
        Limited::Transfers => t.bound_transfers(),
        Limited::Changes => t.bound_changes(),
    };
    let limited = Limited::ALL.map(|it| (it.name(), default.budget.left(it).to_string(), told(it)));
    let disks = if default.slow_disks { "slow" } else { "fast" };
    let others = [
        (
            "in-flight",
            default.in_flight.to_string(),
            t.bound_in_flight(),
        ),
        ("depth", default.depth.to_string(), t.bound_depth()),
        ("disks", disks.to_owned(), t.bound_disks()),
    ];
    let all = limited.into_iter().chain(others);
    all.map(|(name, value, told)| Bound {
        name: name.to_owned(),
        value,
        told: told.to_owned(),
    })
    .collect()
}
