//! What an event may be about.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    Account, Act, Address, BalanceTransaction, Cashback, CheckoutLink, Claim, Delivery, Drain,
    Endpoint, Key, OperatorBalance, Payment, PaymentLink, Payout, Send, Session, Suspense,
};

/// Any of the objects that events carry.
pub(super) fn subject(generator: &mut SchemaGenerator) -> Schema {
    let mut any = vec![];
    let mut add = |schema: Schema| any.push(schema);
    add(of::<Account>(generator));
    add(of::<Act>(generator));
    add(of::<Address>(generator));
    add(of::<BalanceTransaction>(generator));
    add(of::<Cashback>(generator));
    add(of::<CheckoutLink>(generator));
    add(of::<Claim>(generator));
    add(of::<Delivery>(generator));
    add(of::<Drain>(generator));
    add(of::<Endpoint>(generator));
    add(of::<Key>(generator));
    add(of::<OperatorBalance>(generator));
    add(of::<Payment>(generator));
    add(of::<PaymentLink>(generator));
    add(of::<Payout>(generator));
    add(of::<Send>(generator));
    add(of::<Session>(generator));
    add(of::<Suspense>(generator));
    json_schema!({ "anyOf": any })
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
