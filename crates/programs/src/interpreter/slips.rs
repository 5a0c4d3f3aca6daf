//! Fields of messages that are asked for and cannot be there: slips of the pen, which would
//! be `()` without an error.

use std::collections::BTreeSet;

use hustings_lab::Failure;
use rhai::{AST, ASTNode, Expr, Position, Stmt};

use super::error::place;
use super::message;

/// What a program says of fields.
#[derive(Default)]
struct Said {
    /// The fields that are asked for: of which variable, and where.
    read: Vec<(String, String, Position)>,
    /// All names that may be those of fields that the program itself gives to a map.
    given: BTreeSet<String>,
    /// The calls whose arguments are variables: the function, how many arguments there are,
    /// and which of them is which.
    passed: Vec<(String, usize, usize, String)>,
}

/// The first field that is asked for of a message, that no message has, and whose name the
/// program itself writes nowhere.
pub(super) fn check(ast: &AST, arrives: &str) -> Result<(), Failure> {
    let mut said = Said::default();
    ast.walk(&mut |path| {
        said.note(path);
        true
    });
    let messages = said.messages(ast, arrives);
    let known: Vec<_> = message::all_fields().collect();
    let slip = said.read.iter().find(|(of, field, _)| {
        messages.contains(of) && !known.contains(&&**field) && !said.given.contains(field)
    });
    let Some((_, field, position)) = slip else {
        return Ok(());
    };
    Err(Failure {
        message: format!(
            "no message has a field `{field}`; the fields of messages are {}",
            known.join(", ")
        ),
        at: place(*position),
    })
}

impl Said {
    fn note(&mut self, path: &[ASTNode<'_>]) {
        match path {
            [.., ASTNode::Stmt(Stmt::Assignment(assigned))] => self.give(&assigned.1.lhs),
            [.., ASTNode::Expr(expr)] => self.note_expr(expr),
            _ => {}
        }
    }

    fn note_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Dot(dot, ..) => {
                let first = match &dot.rhs {
                    Expr::Dot(more, ..) | Expr::Index(more, ..) => &more.lhs,
                    only => only,
                };
                if let (Expr::Variable(of, ..), Expr::Property(field, at)) = (&dot.lhs, first) {
                    let (of, field) = (of.1.to_string(), field.2.to_string());
                    self.read.push((of, field, *at));
                }
            }
            Expr::Map(map, _) => {
                let names = map.0.iter().map(|(name, _)| name.name.to_string());
                self.given.extend(names);
            }
            Expr::StringConstant(text, _) => {
                self.given.insert(text.to_string());
            }
            Expr::FnCall(call, _) => {
                for (place, argument) in call.args.iter().enumerate() {
                    if let Expr::Variable(name, ..) = argument {
                        let (function, count) = (call.name.to_string(), call.args.len());
                        self.passed
                            .push((function, count, place, name.1.to_string()));
                    }
                }
            }
            _ => {}
        }
    }

    /// Notes the fields in what is assigned to.
    fn give(&mut self, to: &Expr) {
        match to {
            Expr::Dot(parts, ..) | Expr::Index(parts, ..) => {
                self.give(&parts.lhs);
                self.give(&parts.rhs);
            }
            Expr::Property(field, _) => {
                self.given.insert(field.2.to_string());
            }
            _ => {}
        }
    }

    /// The variables that may hold messages that have arrived: the parameter of `message`,
    /// and the parameters as which such a variable is passed on.
    fn messages(&self, ast: &AST, arrives: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let first = ast.iter_functions().filter(|it| it.name == arrives);
        found.extend(first.filter_map(|it| it.params.get(1).map(|name| (*name).to_owned())));
        loop {
            let before = found.len();
            for (function, count, place, _) in self
                .passed
                .iter()
                .filter(|it| found.contains(&it.3))
                .collect::<Vec<_>>()
            {
                let mut functions = ast.iter_functions();
                let called = functions.find(|it| it.name == *function && it.params.len() == *count);
                found.extend(called.map(|it| it.params[*place].to_owned()));
            }
            if found.len() == before {
                return found;
            }
        }
    }
}
