//! A search that is asked, and answers: by a page, which it shares no memory with.

use std::rc::Rc;

use hustings_lab::narrate::{Lang, Tell};
use hustings_lab::{Command, Header, Library, Run};

use crate::bounds::{Bounds, Limited};
use crate::find::{Finder, Phase, Plan};
use crate::goal::Goal;
use crate::lesson::{lesson, script_of};
use crate::next::next;
use crate::reader::Reader;
use crate::reduction::Reduction;
use crate::sampling::Sampling;
use crate::soon::Soon;
use crate::state::State;
use crate::texts::{Texts, set_chinese, texts};
use crate::told::{self, Account, End};
use crate::wire::sampling::{Form, FormText};
use crate::wire::{Answer, Ask, Bound, Lesson, Over, Stage, Wanted};

/// A search that is asked, and answers; it samples, too. It works when it is told to
/// ([`Searching::go_on`]).
pub struct Searching {
    reader: Reader,
    search: Job<Search>,
    sampling: Job<Sampling>,
    soon: Job<Soon>,
}

/// What was asked for last of one kind.
struct Job<T> {
    /// By which the answers are known.
    number: u32,
    /// What is done for it, if it can be done.
    work: Option<T>,
    /// Whether there is something to tell of it that was not told.
    is_news: bool,
}

impl<T> Job<T> {
    /// Nothing was asked for.
    const NONE: Self = Self {
        number: 0,
        work: None,
        is_news: false,
    };

    fn new(number: u32, work: Option<T>) -> Self {
        Self {
            number,
            work,
            is_news: true,
        }
    }

    /// What is done and its number, if there is something to tell of it, which is told then.
    fn news(&mut self) -> Option<(u32, &mut T)> {
        let work = self.work.as_mut().filter(|_| self.is_news)?;
        self.is_news = false;
        Some((self.number, work))
    }

    /// Works on it if there is something to do; returns whether there was.
    fn go_on(&mut self, is_going: fn(&T) -> bool, go_on: impl FnOnce(&mut T)) -> bool {
        match self.work.as_mut().filter(|work| is_going(work)) {
            Some(work) => {
                go_on(work);
                self.is_news = true;
                true
            }
            None => false,
        }
    }

    /// Changes it, if there is one.
    fn change(&mut self, change: impl FnOnce(&mut T)) {
        if let Some(work) = &mut self.work {
            change(work);
            self.is_news = true;
        }
    }
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
        let lang = Lang::En;
        Self {
            reader: Reader { library, lang },
            search: Job::NONE,
            sampling: Job::NONE,
            soon: Job::NONE,
        }
    }

    /// Answers what it is asked, and tells what there is to tell.
    pub fn answer(&mut self, ask: Ask) -> Vec<Answer> {
        let mut answers = Vec::new();
        match ask {
            Ask::Speak(chinese) => {
                self.speak(chinese);
                let t = texts(self.reader.lang);
                answers.extend([Answer::Bounds(bounds(t)), Answer::SampleForm(form(t))]);
                // In another language.
                self.sampling.is_news = true;
                self.soon.is_news = true;
            }
            Ask::Search(number, wanted) => match self.begin(&wanted) {
                Ok(search) => self.search = Job::new(number, Some(search)),
                Err(why) => {
                    self.search = Job::new(number, None);
                    answers.push(Answer::Search(number, Stage::Refused(why)));
                }
            },
            Ask::Pause => self.search.change(|it| it.state = Working::Pauses),
            Ask::GoOn => self.search.change(|it| it.state = Working::Goes),
            Ask::Stop => self.search.change(|it| it.state = Working::Stopped),
            Ask::Next(number, script) => answers.push(self.next(number, &script)),
            Ask::Sample(number, wanted) => {
                self.sampling = Job::new(number, Some(Sampling::new(wanted)));
            }
            Ask::StopSample => self.sampling.change(|it| it.stop(true)),
            Ask::GoOnSampling => self.sampling.change(|it| it.stop(false)),
            Ask::OpenRun(setting, number) => answers.push(self.open(setting, number)),
            Ask::Csv => {
                let sampling = self.sampling.work.as_ref();
                answers.extend(sampling.map(|it| Answer::Csv(it.csv())));
            }
        }
        answers.extend(self.report());
        answers
    }

    /// Works for about a millisecond, or plays a run; returns whether there is more to do.
    pub fn go_on(&mut self) -> bool {
        let reader = &self.reader;
        self.soon.go_on(Soon::is_going, Soon::go_on)
            | self
                .sampling
                .go_on(Sampling::is_going, |it| it.go_on(reader))
            | self.search.go_on(Search::is_going, |it| {
                it.finder.go_on();
            })
    }

    /// Is told how long it has worked since it was told last.
    pub fn spent(&mut self, seconds: f64) {
        if let Some(search) = &mut self.search.work {
            search.seconds += seconds;
        }
        if let Some(sampling) = &mut self.sampling.work {
            sampling.spent(seconds);
        }
    }

    /// Tells what was not told yet.
    pub fn report(&mut self) -> Vec<Answer> {
        let lang = self.reader.lang;
        let mut answers = Vec::new();
        if let Some((number, search)) = self.search.news() {
            let stage = search.stage(lang);
            let is_over = matches!(stage, Stage::Over(_));
            answers.push(Answer::Search(number, stage));
            if is_over {
                self.search.work = None;
            }
        }
        if let Some((number, sampling)) = self.sampling.news() {
            answers.push(Answer::Sample(number, Box::new(sampling.stage(lang))));
        }
        if let Some((number, soon)) = self.soon.news() {
            answers.extend(soon.told(lang).map(|told| Answer::Soon(number, told)));
        }
        answers
    }

    fn speak(&mut self, chinese: Option<String>) {
        self.reader.lang = match chinese {
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

    /// What could happen next at the end of a script. How often a leader comes soon is told later.
    fn next(&mut self, number: u32, script: &str) -> Answer {
        let run = self.run(script, false);
        let soon = run.as_ref().ok().cloned().map(Soon::new);
        self.soon = Job::new(number, soon);
        Answer::Next(number, run.map(|run| next(&run, self.reader.lang)))
    }

    /// A run of the sample.
    fn open(&self, setting: usize, number: u32) -> Answer {
        let lang = self.reader.lang;
        let sampling = self.sampling.work.as_ref();
        let opened = sampling.map(|it| it.open(setting, number, lang));
        Answer::OpenedRun(opened.unwrap_or_else(|| Err(texts(lang).sample_gone().to_owned())))
    }

    /// The run of a script; or why there is none.
    fn run(&self, script: &str, standing_start: bool) -> Result<Run, String> {
        self.reader
            .play(self.reader.script(script)?, standing_start)
    }

    fn begin(&self, wanted: &Wanted) -> Result<Search, String> {
        let lang = self.reader.lang;
        let run = self.run(&wanted.script, wanted.standing_start)?;
        let goal = Goal::from(self.reader.condition(&wanted.goal, &run)?);
        let changed = Bounds::default().change(&wanted.bounds);
        let bounds = changed.map_err(|error| error.tell(lang))?;
        let start = State::new(run.world().clone(), &bounds);
        if let Some(why) = told::crowded_start(&start, lang) {
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

    fn stage(&self, lang: Lang) -> Stage {
        match (self.end(), self.state) {
            (Some(end), _) => Stage::Over(self.over(end, lang)),
            (None, Working::Pauses) => Stage::Paused(self.progress(lang)),
            (None, _) => Stage::Going(self.progress(lang)),
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

/// What the form for a sample says.
fn form(t: Texts) -> Form {
    Form::new(|text| {
        let told = match text {
            FormText::Intro => t.form_intro(),
            FormText::Awaited => t.form_awaited(),
            FormText::Stable => t.form_stable(),
            FormText::Leader => t.form_leader(),
            FormText::First => t.form_first(),
            FormText::Nothing => t.form_nothing(),
            FormText::LeaderCrashes => t.sample_leader_crashes(),
            FormText::LeaderIsolated => t.sample_leader_isolated(),
            FormText::Time => t.form_time(),
            FormText::Runs => t.form_runs(),
            FormText::Compare => t.form_compare(),
            FormText::Unchanged => t.form_unchanged(),
            FormText::Begin => t.form_begin(),
            FormText::Open => t.form_open(),
            FormText::Csv => t.form_csv(),
        };
        told.to_owned()
    })
}
