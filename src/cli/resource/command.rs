//! The operations as subcommands of the program.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, value_parser};

use super::flag::flag;
use super::operation::{Keyed, Operation, operations};
use super::wait::waits;
use crate::cli::Settings;

/// Adds a subcommand for every noun, with one for each of its verbs.
pub(in crate::cli) fn add_to(mut program: Command) -> Command {
    let mut nouns: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations() {
        nouns.entry(&operation.noun).or_default().push(operation);
    }
    for (noun, operations) in nouns {
        if program.find_subcommand(noun).is_none() {
            let empty = Command::new(noun.to_owned())
                .about(about(&operations))
                .subcommand_required(true)
                .arg_required_else_help(true);
            program = program.subcommand(empty);
        }
        let verbs: Vec<_> = operations.into_iter().map(verb).collect();
        program = program.mut_subcommand(noun, |command| command.subcommands(verbs));
    }
    program
}

/// What a noun is about: what its list or its object is, and its verbs.
fn about(operations: &[&Operation]) -> String {
    let known = |verb: &str| operations.iter().find(|own| own.verb == verb);
    let first = known("list").or(known("show")).or(operations.first());
    let verbs: Vec<_> = operations.iter().map(|own| own.verb.as_str()).collect();
    format!("{}: {}", first.map_or("", |own| own.summary()), verbs.join(", "))
}

/// The operation that was called, and its arguments.
pub(super) fn called(matches: &ArgMatches) -> Option<(&'static Operation, &ArgMatches)> {
    let (noun, matches) = matches.subcommand()?;
    let (verb, matches) = matches.subcommand()?;
    let mut all = operations().iter();
    all.find(|own| own.noun == noun && own.verb == verb).map(|own| (own, matches))
}

fn verb(operation: &'static Operation) -> Command {
    let named = operation.named.iter().map(|name| {
        Arg::new(name.as_str())
            .required(true)
            .value_name(name.to_uppercase())
            .help(format!("The {name} of what it is about"))
            .value_parser(clap::builder::NonEmptyStringValueParser::new())
    });
    let command = Command::new(operation.verb.as_str()).args(named);
    let command = command.args(operation.body.iter().chain(&operation.query).map(flag));
    Settings::augment_args(command.args(common(operation))).about(operation.summary())
}

/// What is not a field of the operation.
fn common(operation: &Operation) -> Vec<Arg> {
    let switch = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
    };
    let text = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).help(help).value_name(value)
    };
    let mut args = vec![switch("json", "Print the API's answer as it is")];
    if operation.acts_for {
        args.push(text("account", "ID", "The account that the operator acts for"));
    }
    match operation.keyed {
        Keyed::No => args.push(
            text("watch", "SECS", "Look again every so many seconds, until interrupted")
                .num_args(0..=1)
                .default_missing_value("2")
                .value_parser(value_parser!(u64).range(1..)),
        ),
        Keyed::Optional | Keyed::Required => args.push(text(
            "idempotency-key",
            "KEY",
            "Makes a repetition under the same key do nothing again",
        )),
    }
    if waits(operation) {
        args.push(switch("wait", "Say how the channel gets on, until it is usable"));
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::command;
    use crate::cli::resource::naming::name;
    use crate::web::admin::{Keys, route_facts};

    #[test]
    fn every_route_with_a_key_has_exactly_one_command() {
        let program = command();
        let routes = route_facts().into_iter().filter(|route| route.keys != Keys::None);
        let mut seen = std::collections::BTreeSet::new();
        for route in routes {
            let own = operations()
                .iter()
                .filter(|own| own.method == route.method && own.path == route.path)
                .collect::<Vec<_>>();
            let (noun, verb) = match own.as_slice() {
                [own] => (own.noun.clone(), own.verb.clone()),
                // It answers a text: a command that is written down has it.
                [] => name(&route.method, route.path, false),
                _ => panic!("{} {} is there twice", route.method, route.path),
            };
            let about = format!("{} {}: satback {noun} {verb}", route.method, route.path);
            let command = program.find_subcommand(&noun).unwrap_or_else(|| panic!("{about}"));
            assert!(command.find_subcommand(&verb).is_some(), "{about}");
            assert!(seen.insert((noun, verb)), "{about} is another one, too");
        }
        assert!(seen.len() > 40 && operations().len() == seen.len() - 1, "{seen:?}");
    }

    #[test]
    fn the_nouns_of_the_manual_are_there_and_no_flag_is_there_twice() {
        let program = command();
        program.clone().debug_assert();
        for noun in [
            "accounts",
            "cashbacks",
            "checkout-links",
            "payment-links",
            "checkout-sessions",
            "claims",
            "payouts",
            "balance",
            "transactions",
            "webhooks",
            "node",
            "ledger",
        ] {
            assert!(program.find_subcommand(noun).is_some(), "{noun}");
        }
    }

    #[test]
    fn what_the_api_requires_the_command_requires() {
        let required = |line: &str| {
            let words = line.split(' ');
            command().try_get_matches_from(words).map_err(|error| error.kind()).err()
        };
        let missing = Some(clap::error::ErrorKind::MissingRequiredArgument);
        assert_eq!(required("satback accounts create"), missing);
        assert_eq!(required("satback accounts create --name x"), None);
        assert_eq!(required("satback cashbacks create --name x --type fixed"), None);
        assert_eq!(required("satback claims show"), missing);
        assert_eq!(required("satback ledger assign sus_1"), missing);
        let wrong = Some(clap::error::ErrorKind::InvalidValue);
        assert_eq!(required("satback claims list --status lost"), wrong);
        let bound = Some(clap::error::ErrorKind::ValueValidation);
        for line in [
            "claims list --limit 101",
            "claims list --created-gte yesterday",
            "claims list --watch 0",
            "checkout-sessions create --currency SATS --amount -5",
            "checkout-sessions create --currency SATS --amount 1,5",
            "accounts create --name x --metadata y",
        ] {
            let found = required(&format!("satback {line}"));
            assert!(
                found == bound || found == Some(clap::error::ErrorKind::UnknownArgument),
                "{line}"
            );
        }
    }
}
