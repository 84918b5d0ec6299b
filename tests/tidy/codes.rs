//! `docs/errors.md` names every code, rule, reason and exit code that the sources can say, and no other.

use std::collections::BTreeSet;
use std::fs;

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, FnArg, Lit, Pat, Token};

use super::code::{Source, is_test, program, root};

/// What makes a problem of the admin API, and which of its arguments is the code. `Self::…` is `error.rs` speaking of
/// its own types.
const MAKERS: [(&str, usize); 10] = [
    ("Problem::whole", 0),
    ("Problem::field", 0),
    ("ApiError::new", 2),
    ("Self::new", 2),
    ("ApiError::conflict", 0),
    ("Self::conflict", 0),
    ("refused", 0),
    ("misfit", 0),
    ("closed", 0),
    ("acts::act", 1),
];
/// The method of forms that notes a problem; its first argument is the code.
const NOTE: &str = "problem";

/// The first column of the table under a heading: what stands there in backticks.
fn documented(heading: &str) -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let mut named = BTreeSet::new();
    let under = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    for line in under.take_while(|line| !line.starts_with("## ")) {
        if let Some((name, _)) = line.strip_prefix("| `").and_then(|rest| rest.split_once('`')) {
            assert!(named.insert(name.to_owned()), "{name} stands there twice");
        }
    }
    named
}

fn check(heading: &str, said: &BTreeSet<String>, at_least: usize) {
    assert!(said.len() >= at_least, "{heading}: {} were found in the sources", said.len());
    let documented = documented(heading);
    let missing: Vec<_> = said.difference(&documented).collect();
    let invented: Vec<_> = documented.difference(said).collect();
    assert_eq!((missing, invented), (vec![], vec![]), "{heading}: (missing, not in the sources)");
}

fn source(path: &str) -> Source {
    let found = program().into_iter().find(|source| source.path == path);
    found.unwrap_or_else(|| panic!("there is no {path}"))
}

fn text(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// A path by its last two names, as `MAKERS` has it.
fn called(expr: &Expr) -> Option<String> {
    let Expr::Path(path) = expr else { return None };
    let names: Vec<_> = path.path.segments.iter().map(|part| part.ident.to_string()).collect();
    Some(names[names.len().saturating_sub(2)..].join("::"))
}

/// Codes of problems, collected from the calls that make them.
#[derive(Default)]
struct Codes {
    path: String,
    found: BTreeSet<String>,
    /// Codes that are no literal and no parameter of a function that is called with one.
    unreadable: Vec<String>,
    /// The function that is being looked at, and its parameters.
    within: Vec<(String, Vec<String>)>,
}

impl Codes {
    fn take(&mut self, maker: &str, code: &Expr) {
        if let Some(code) = text(code) {
            self.found.insert(code);
            return;
        }
        let is_maker = |name: &str| {
            name == NOTE || MAKERS.iter().any(|(maker, _)| maker.rsplit("::").next() == Some(name))
        };
        let passed_on = called(code).is_some_and(|name| {
            self.within.last().is_some_and(|(function, parameters)| {
                is_maker(function) && parameters.contains(&name)
            })
        });
        if !passed_on {
            self.unreadable.push(format!("{}: {maker}", self.path));
        }
    }

    fn enter(&mut self, signature: &syn::Signature) {
        let parameter = |argument: &FnArg| match argument {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(name) => Some(name.ident.to_string()),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        };
        let parameters = signature.inputs.iter().filter_map(parameter).collect();
        self.within.push((signature.ident.to_string(), parameters));
    }
}

impl<'ast> Visit<'ast> for Codes {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.enter(&item.sig);
        visit::visit_item_fn(self, item);
        self.within.pop();
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.enter(&item.sig);
        visit::visit_impl_item_fn(self, item);
        self.within.pop();
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Some(name) = called(&call.func)
            && let Some((_, at)) = MAKERS.iter().find(|(maker, _)| *maker == name)
            && (!name.starts_with("Self::") || self.path == "src/web/admin/error.rs")
            && let Some(code) = call.args.iter().nth(*at)
        {
            self.take(&name, code);
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if call.method == NOTE
            && let Some(code) = call.args.first()
        {
            self.take(NOTE, code);
        }
        visit::visit_expr_method_call(self, call);
    }

    /// What stands in `vec![…]` is code, too.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let inside = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        for expr in inside.into_iter().flatten() {
            self.visit_expr(&expr);
        }
    }
}

/// All texts of a file, or of its functions of one name, without attributes and unit tests.
struct Literals {
    only_in: Option<&'static str>,
    inside: bool,
    texts: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Literals {
    fn of(path: &str, only_in: Option<&'static str>) -> Self {
        let mut literals = Self {
            only_in,
            inside: only_in.is_none(),
            texts: BTreeSet::new(),
            numbers: BTreeSet::new(),
        };
        literals.visit_file(&source(path).file);
        literals
    }
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let before = self.inside;
        self.inside |= self.only_in.is_some_and(|name| item.sig.ident == name);
        visit::visit_impl_item_fn(self, item);
        self.inside = before;
    }

    fn visit_lit(&mut self, literal: &'ast Lit) {
        match literal {
            Lit::Str(text) if self.inside => {
                self.texts.insert(text.value());
            }
            Lit::Int(number) if self.inside => {
                self.numbers.insert(number.base10_digits().to_owned());
            }
            _ => {}
        }
    }
}

/// Rules of `/readyz`: what `not_ready` is called with, and what stands in a `NotReady`.
#[derive(Default)]
struct Rules(BTreeSet<String>);

impl<'ast> Visit<'ast> for Rules {
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if called(&call.func).as_deref() == Some("not_ready") {
            self.0.insert(call.args.first().and_then(text).unwrap());
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        if made.path.is_ident("NotReady") {
            let rules = made.fields.iter().filter(|field| match &field.member {
                syn::Member::Named(name) => name == "rule",
                syn::Member::Unnamed(_) => false,
            });
            self.0.extend(rules.filter_map(|field| text(&field.expr)));
        }
        visit::visit_expr_struct(self, made);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let inside = called.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        for expr in inside.into_iter().flatten() {
            self.visit_expr(&expr);
        }
    }
}

#[test]
fn every_code_of_the_admin_api_is_documented() {
    let mut codes = Codes::default();
    for source in program().iter().filter(|source| source.path.starts_with("src/web/admin/")) {
        codes.path.clone_from(&source.path);
        codes.visit_file(&source.file);
    }
    assert_eq!(codes.unreadable, Vec::<String>::new(), "nobody can tell which codes these make");
    check("Codes of the admin API", &codes.found, 40);
}

#[test]
fn every_reason_that_a_wallet_is_told_is_documented() {
    check("What a wallet is told", &Literals::of("src/web/public/reasons.rs", None).texts, 35);
}

#[test]
fn every_cause_of_a_failed_payout_is_documented() {
    let codes = Literals::of("src/domain/payout/failure.rs", Some("code")).texts;
    check("Why a payout failed", &codes, 11);
}

#[test]
fn every_exit_code_is_documented() {
    let mut codes = Literals::of("src/app/mod.rs", Some("exit_code")).numbers;
    codes.insert("0".to_owned());
    check("Exit codes", &codes, 5);
}

#[test]
fn every_rule_of_readyz_is_documented() {
    let mut rules = Rules::default();
    for path in ["src/app/readiness.rs", "src/web/admin/health.rs"] {
        rules.visit_file(&source(path).file);
    }
    check("Rules of `/readyz`", &rules.0, 10);
}
