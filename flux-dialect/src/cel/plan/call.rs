use super::{
    Attribute, Fault, Function, Meter, Mode, Node, NodeId, OperationId, Planner, Qualifier, Regexp,
    Step, Value, function, operator,
};
use crate::cel::evaluate;
use crate::cel::tree::{Kind, Test};

impl Planner<'_> {
    pub(super) fn call(
        &mut self,
        node: &Node,
        target: Option<NodeId>,
        name: &str,
        arguments: &[NodeId],
    ) -> Result<OperationId, Fault> {
        let qualified = target.and_then(|target| self.qualified(target, name));
        let (target, name) = match &qualified {
            Some(name) => (None, name.as_str()),
            None => (target, name),
        };
        let bare = name.strip_prefix('.').unwrap_or(name);
        let mut planned = Vec::with_capacity(arguments.len() + 1);
        for argument in target.iter().chain(arguments) {
            planned.push(self.plan(*argument)?);
        }
        let step = match (bare, planned.as_slice()) {
            (operator::IN, [_, list]) if self.is_empty_list(arguments.get(1), *list) => {
                Step::Constant(Value::Bool(false))
            }
            (operator::AND, [a, b]) => Step::And(*a, *b),
            (operator::OR, [a, b]) => Step::Or(*a, *b),
            (operator::EQUALS, [a, b]) => Step::Equal(*a, *b),
            (operator::NOT_EQUALS, [a, b]) => Step::NotEqual(*a, *b),
            ("or", [a, b]) => Step::OptionalOr(*a, *b),
            ("orValue", [a, b]) => Step::OptionalOrValue(*a, *b),
            (operator::CONDITIONAL, [condition, truthy, falsy]) => {
                let truthy = self.take_attribute(*truthy);
                let falsy = self.take_attribute(*falsy);
                Step::Attribute(Attribute::conditional(*condition, truthy, falsy))
            }
            (operator::INDEX, [operand, index]) => {
                return self.index(node, *operand, *index, false);
            }
            (operator::OPTIONAL_INDEX | operator::OPTIONAL_SELECT, [operand, index]) => {
                return self.index(node, *operand, *index, true);
            }
            _ => self.function(bare, planned)?,
        };
        Ok(self.push(node, step))
    }

    /// Whether that is a list literal without elements. Where types are known, nothing is in it, and what might be is not
    /// even evaluated.
    fn is_empty_list(&self, node: Option<&NodeId>, list: OperationId) -> bool {
        matches!(self.mode, Mode::Checked(_))
            && node.is_some_and(|id| matches!(self.tree.node(*id).kind, Kind::List(_)))
            && matches!(self.folded(list), Some(Ok(Value::List(list))) if list.is_empty())
    }

    /// The name of a function that has dots: `strings.quote`, where `strings` looks like a target.
    fn qualified(&self, target: NodeId, name: &str) -> Option<String> {
        let mut parts = vec![name];
        let mut at = target;
        loop {
            match &self.tree.node(at).kind {
                Kind::Ident(first) => {
                    parts.push(first.strip_prefix('.').unwrap_or(first));
                    break;
                }
                Kind::Select {
                    operand,
                    field,
                    test: Test::Value,
                } => {
                    parts.push(field);
                    at = *operand;
                }
                _ => return None,
            }
        }
        parts.reverse();
        let name = parts.join(".");
        function::find(&name).is_some().then_some(name)
    }

    /// A call of a function by its name, or its value where that is constant.
    fn function(&mut self, name: &str, arguments: Vec<OperationId>) -> Result<Step, Fault> {
        let Some((function, arity)) = function::find(name) else {
            if arguments.is_empty() {
                return Err(Fault::new(format!("no such overload: {name}()")));
            }
            return Ok(Step::Unknown {
                name: name.into(),
                arguments: arguments.into(),
            });
        };
        if !arity.allows(arguments.len()) {
            let form = match arguments.len() {
                0 => "",
                1 => "arg",
                2 => "lhs, rhs",
                _ => "...",
            };
            return Err(Fault::new(format!("no such overload: {name}({form})")));
        }
        let constant = |place: usize| self.folded(*arguments.get(place)?);
        if let (Function::Convert(_) | Function::Dyn | Function::TypeOf, Some(value), 1) =
            (function, constant(0), arguments.len())
        {
            let mut meter = Meter::unlimited();
            let value = function::call(function, name, &[value?], &mut meter)?;
            return Ok(Step::Constant(value));
        }
        if let (Function::Matches, Some(Ok(Value::String(pattern)))) = (function, constant(1)) {
            let regexp = Regexp::parse(&*pattern).map_err(|error| Fault::new(error.to_string()))?;
            if let [text, _] = arguments.as_slice() {
                return Ok(Step::Matches(*text, Box::new(regexp)));
            }
        }
        Ok(Step::Call {
            function,
            name: name.into(),
            arguments: arguments.into(),
        })
    }

    /// `operand.field`, or `has(operand.field)`.
    pub(super) fn select(
        &mut self,
        node: &Node,
        operand: OperationId,
        field: &str,
        test: Test,
    ) -> Result<OperationId, Fault> {
        let attribute = self.attribute(node, operand);
        if test == Test::Presence
            && let Some(step) = self.step(attribute)
            && let Step::Attribute(inner) = step
        {
            *step = Step::Presence(std::mem::take(inner));
        }
        let key = Value::from(field.to_owned());
        self.qualify(attribute, Qualifier::constant(key, false))?;
        Ok(attribute)
    }

    fn index(
        &mut self,
        node: &Node,
        operand: OperationId,
        index: OperationId,
        optional: bool,
    ) -> Result<OperationId, Fault> {
        let attribute = self.attribute(node, operand);
        let qualifier = match self.folded(index) {
            Some(Ok(key)) => {
                evaluate::is_key(&key)?;
                Qualifier::constant(key, optional)
            }
            Some(Err(_)) => return Err(Fault::new("invalid qualifier type: *types.Err")),
            None => Qualifier::computed(index, optional),
        };
        self.qualify(attribute, qualifier)?;
        Ok(attribute)
    }

    /// The operation itself if it is an attribute, or one on top of it.
    fn attribute(&mut self, node: &Node, operand: OperationId) -> OperationId {
        match self.step(operand) {
            Some(Step::Attribute(_) | Step::Presence(_)) => operand,
            _ => self.push(node, Step::Attribute(Attribute::of(operand))),
        }
    }

    /// Adds a qualifier. Behind a test for presence, every further one is a test, too.
    fn qualify(&mut self, attribute: OperationId, mut qualifier: Qualifier) -> Result<(), Fault> {
        match self.step(attribute) {
            Some(Step::Attribute(attribute)) => attribute.push(qualifier),
            Some(Step::Presence(attribute)) => {
                if !qualifier.is_constant() {
                    return Err(Fault::new(
                        "test only expressions must have constant qualifiers",
                    ));
                }
                qualifier.test = true;
                attribute.push(qualifier);
            }
            _ => {}
        }
        Ok(())
    }

    /// The attribute that an operation is, which only the caller needs, or one on top of it.
    fn take_attribute(&mut self, operation: OperationId) -> Attribute {
        match self.step(operation) {
            Some(Step::Attribute(attribute) | Step::Presence(attribute)) => {
                std::mem::take(attribute)
            }
            _ => Attribute::of(operation),
        }
    }
}
