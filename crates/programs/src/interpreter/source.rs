//! A program that was read from its source.

use std::fmt;
use std::hash::Hasher;
use std::rc::Rc;

use hustings_lab::{Abilities, Failure, Start, UnpackError, View};
use hustings_raft::{Millis, NodeId, Stored, Timer};
use rhai::{AST, ASTNode, CallFnOptions, Dynamic, Expr, FuncArgs, ImmutableString, Map, Scope};

use super::engine::Interpreter;
use super::error::{failure, parse_failure};
use super::limits::SOURCE_MAX;
use super::log::LogValue;
use super::me::Me;
use super::turn::{Done, Fixed, Ongoing};
use super::value::{check, feed, int, name, name_or_unit};
use super::watch::Watch;
use super::{message, slips, view};
use crate::host::{Host, Part, Told, Turn};
use crate::pack::{pack, unpack};
use crate::programs::Reader;
use crate::trace::Trace;

/// The functions that the laboratory calls, with their parameters.
const FUNCTIONS: [(&str, &[&str]); 5] = [
    (START, &["me"]),
    (TIMER, &["me", "name"]),
    (MESSAGE, &["me", "m"]),
    (REQUEST, &["me", "command"]),
    (VIEW, &["me"]),
];
const START: &str = "start";
const TIMER: &str = "timer";
const MESSAGE: &str = "message";
const REQUEST: &str = "request";
const VIEW: &str = "view";

/// A program in Rhai that was read without an error.
pub struct Source {
    interpreter: Rc<Interpreter>,
    ast: AST,
    /// Which of [`FUNCTIONS`] it has.
    has: Vec<&'static str>,
    /// Whether it has entries without a command.
    has_no_op: bool,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("has", &self.has).finish()
    }
}

/// A server's state between two turns.
#[derive(Clone, Debug)]
pub struct State {
    fixed: Rc<Fixed>,
    variables: Rc<Map>,
}

/// A call of one of [`FUNCTIONS`].
#[derive(Clone)]
struct Call<'a> {
    fixed: &'a Rc<Fixed>,
    variables: Map,
    now: Millis,
    function: &'static str,
    argument: Option<Dynamic>,
}

impl Source {
    /// Reads a program.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where: the first error of syntax, a function that is
    /// missing or has the wrong number of parameters, a statement outside of a function.
    pub fn read(interpreter: &Rc<Interpreter>, text: &str) -> Result<Self, Failure> {
        let chars = text.chars().count();
        if chars > SOURCE_MAX {
            return Err(Failure::new(format!(
                "the source has {chars} characters, and {SOURCE_MAX} are allowed"
            )));
        }
        let ast = interpreter.engine().compile(text);
        let ast = ast.map_err(|error| parse_failure(&error))?;
        if let Some(statement) = ast.statements().first() {
            let position = statement.position();
            let at = position.line().zip(position.position());
            return Err(Failure {
                message: "only functions can stand here: what is to be done at the start \
                          belongs into `fn start(me)`"
                    .to_owned(),
                at: at.map(|(line, column)| (line as u32, column as u32)),
            });
        }
        let has = functions(&ast)?;
        slips::check(&ast, MESSAGE)?;
        Ok(Self {
            interpreter: Rc::clone(interpreter),
            has_no_op: has_no_op(&ast),
            ast,
            has,
        })
    }

    /// Takes a turn by calling a function, if the program has it.
    fn call(&self, call: Call<'_>) -> Result<Turn<State>, Box<Failure>> {
        let is_traced = self.interpreter.traces.are_wanted();
        let called = self.attempt(call.clone(), is_traced);
        let Err(mut failure) = called else {
            return called;
        };
        if failure.at.is_none() && !is_traced {
            // Some errors do not know where they happen; whoever watches does.
            failure = self.attempt(call, true).err().unwrap_or(failure);
        }
        Err(failure)
    }

    fn attempt(&self, call: Call<'_>, is_watched: bool) -> Result<Turn<State>, Box<Failure>> {
        let fixed = call.fixed;
        let me = Me::new(call.variables);
        *self.interpreter.watched.borrow_mut() = is_watched.then(|| Watch::new(me.clone()));
        let ongoing = Ongoing::new(Rc::clone(fixed), call.now, me.clone());
        *self.interpreter.ongoing.borrow_mut() = Some(ongoing);
        let called = match call.argument {
            _ if !self.has.contains(&call.function) => Ok(Dynamic::UNIT),
            None => self.evaluate(call.function, (me.clone(),)),
            Some(argument) => self.evaluate(call.function, (me.clone(), argument)),
        };
        let ongoing = self.interpreter.ongoing.borrow_mut().take();
        let (written, last) = ongoing.map_or_else(Default::default, |it| (it.written, it.done));
        let traces = self.end_watch(fixed.id, call.function, written.len(), called)?;
        let mut variables = me.take();
        check(&mut variables).map_err(failure)?;
        let mut traces = traces.into_iter();
        let mut parts = Vec::new();
        for written in written {
            let view = self.view(fixed, &written.variables)?;
            let stored = Some(written.stored);
            parts.push(part(written.done, view, stored, traces.next()));
        }
        let view = self.view(fixed, &variables)?;
        parts.push(part(last, view, None, traces.next()));
        Ok(Turn {
            parts,
            state: State {
                fixed: Rc::clone(fixed),
                variables: Rc::new(variables),
            },
        })
    }

    /// Returns what was executed, by part, if that is asked for. A failure without a place
    /// gets the last.
    fn end_watch(
        &self,
        server: NodeId,
        function: &'static str,
        writes: usize,
        called: Result<Dynamic, Box<Failure>>,
    ) -> Result<Vec<Trace>, Box<Failure>> {
        let watch = self.interpreter.watched.borrow_mut().take();
        let last = watch.as_ref().and_then(Watch::last_place);
        let wanted = watch.filter(|_| self.interpreter.traces.are_wanted());
        let traces = wanted.map_or(Vec::new(), |it| it.traces(server, function, writes));
        let Err(mut failure) = called else {
            return Ok(traces);
        };
        traces.into_iter().for_each(|it| self.executed(it));
        failure.at = failure.at.or(last);
        Err(failure)
    }

    fn view(&self, fixed: &Fixed, variables: &Map) -> Result<View, Box<Failure>> {
        if !self.has.contains(&VIEW) {
            return view::view(fixed.members, variables, None);
        }
        let shown = self.evaluate(VIEW, (Me::new(variables.clone()),))?;
        match shown.read_lock::<Map>() {
            Some(shown) => view::view(fixed.members, variables, Some(&shown)),
            None => Err(Box::new(Failure::new("`view` returns a map"))),
        }
    }

    fn evaluate(&self, function: &str, arguments: impl FuncArgs) -> Result<Dynamic, Box<Failure>> {
        let options = CallFnOptions::new().eval_ast(false);
        let (engine, mut scope) = (self.interpreter.engine(), Scope::new());
        engine
            .call_fn_with_options(options, &mut scope, &self.ast, function, arguments)
            .map_err(failure)
    }
}

/// Which functions that the laboratory calls there are.
fn functions(ast: &AST) -> Result<Vec<&'static str>, Failure> {
    let mut has = Vec::new();
    for (name, parameters) in FUNCTIONS {
        let mut named = ast.iter_functions().filter(|it| it.name == name);
        let Some(first) = named.next() else {
            continue;
        };
        let fits = |count: usize| count == parameters.len();
        if !fits(first.params.len()) && !named.any(|it| fits(it.params.len())) {
            return Err(Failure::new(format!(
                "`{name}` has {} parameters: it is called as `{name}({})`",
                first.params.len(),
                parameters.join(", ")
            )));
        }
        has.push(name);
    }
    if has.contains(&START) {
        Ok(has)
    } else {
        Err(Failure::new(
            "a program needs a function `start(me)`, with which its server starts",
        ))
    }
}

/// Whether an entry without a command is written in it.
fn has_no_op(ast: &AST) -> bool {
    let is_whole = ast.walk(&mut |path: &[ASTNode<'_>]| {
        let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() else {
            return true;
        };
        let (fields, _) = &**map;
        let mut fields = fields.iter();
        !fields.any(|(name, value)| name.name == "command" && matches!(value, Expr::Unit(_)))
    });
    !is_whole
}

fn part(done: Done, view: View, write: Option<Stored>, trace: Option<Trace>) -> Part {
    Part {
        acts: done.acts,
        printed: done.printed,
        view,
        write,
        trace,
    }
}

impl Reader for Rc<Interpreter> {
    type Host = Source;

    fn read(&self, source: &str) -> Result<Source, Failure> {
        Source::read(self, source)
    }

    fn pack(&self, source: &str) -> Option<String> {
        Some(pack(source))
    }

    fn unpack(&self, packed: &str, bytes_max: usize) -> Result<String, UnpackError> {
        unpack(packed, bytes_max)
    }
}

impl Host for Source {
    type State = State;

    fn start(&self, start: &Start, now: Millis) -> Result<Turn<State>, Box<Failure>> {
        let fixed = Rc::new(Fixed {
            id: start.id,
            members: start.members,
            options: start.options,
        });
        let peers: rhai::Array = fixed.peers().iter().map(|id| name(id).into()).collect();
        let variables: [(&str, Dynamic); 6] = [
            ("id", name(start.id).into()),
            ("peers", peers.into()),
            ("term", int(start.stored.term.0).into()),
            ("voted_for", name_or_unit(start.stored.voted_for)),
            ("log", Dynamic::from(LogValue(start.stored.log.clone()))),
            ("commit", int(start.commit.0).into()),
        ];
        let variables = variables.map(|(name, value)| (name.into(), value));
        self.call(Call {
            fixed: &fixed,
            variables: variables.into(),
            now,
            function: START,
            argument: None,
        })
    }

    fn turn(&self, state: &State, now: Millis, told: &Told) -> Result<Turn<State>, Box<Failure>> {
        let (function, argument): (_, Dynamic) = match told {
            Told::Timer(timer) => (TIMER, Timer::name(*timer).into()),
            Told::Message { from, message } => (MESSAGE, message::value(*from, message)),
            Told::Request(command) => (REQUEST, ImmutableString::from(&**command).into()),
        };
        self.call(Call {
            fixed: &state.fixed,
            variables: (*state.variables).clone(),
            now,
            function,
            argument: Some(argument),
        })
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            requests: self.has.contains(&REQUEST),
            no_op: self.has_no_op,
        }
    }

    fn executed(&self, trace: Trace) {
        self.interpreter.traces.add(trace);
    }

    fn fingerprint(&self, state: &State, hasher: &mut dyn Hasher) {
        let variables = state.variables.iter();
        for (name, value) in variables.filter(|(name, _)| *name != "log") {
            hasher.write(name.as_bytes());
            feed(value, &mut *hasher);
        }
    }
}
