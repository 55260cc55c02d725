//! What Flux does on the way to this state, for people.

use std::io::{Result, Write};

use crate::report::{Effect, Pruned, Report, StagePlan, Transition};
use crate::text::{BAD, DIM, NAME, WARN, at, count, heading};

/// Writes what changes; nothing if there is no previous state.
pub(crate) fn write(out: &mut dyn Write, report: &Report) -> Result<()> {
    let Some(previous) = &report.previous else {
        return Ok(());
    };
    heading(out, &format!("From {previous} to here"))?;
    let (changing, quiet): (Vec<_>, Vec<_>) = report.transitions.iter().partition(|it| changes(it));
    for transition in &changing {
        self::transition(out, transition)?;
    }
    let unchanged = quiet.iter().filter(|it| it.undecided.is_empty());
    let unchanged = unchanged.count();
    if unchanged > 0 || changing.is_empty() {
        writeln!(
            out,
            "  {DIM}{} without a change{DIM:#}",
            count(unchanged, "Kustomization")
        )?;
    }
    for transition in quiet.iter().filter(|it| !it.undecided.is_empty()) {
        writeln!(
            out,
            "  {NAME}{}{NAME:#} {DIM}not followed: {}{DIM:#}",
            transition.object,
            transition.undecided.join("; ")
        )?;
    }
    Ok(())
}

fn changes(transition: &Transition) -> bool {
    let mut applied = transition.stages.iter().flat_map(|stage| &stage.objects);
    let is_quiet = |effect: Effect| matches!(effect, Effect::Unchanged | Effect::Applied);
    transition.is_gone && !transition.pruned.is_empty()
        || !transition.pruned.is_empty()
        || applied.any(|object| !is_quiet(object.effect))
}

fn transition(out: &mut dyn Write, transition: &Transition) -> Result<()> {
    let gone = if transition.is_gone {
        ", which is there no more"
    } else {
        ""
    };
    let Transition {
        object, cluster, ..
    } = transition;
    let place = at(&transition.at);
    writeln!(
        out,
        "  {NAME}{object}{NAME:#} {DIM}{place}, cluster {cluster}{DIM:#}{gone}"
    )?;
    for undecided in &transition.undecided {
        writeln!(out, "    {WARN}not followed{WARN:#}: {undecided}")?;
    }
    transition
        .stages
        .iter()
        .try_for_each(|stage| self::stage(out, stage))?;
    transition
        .pruned
        .iter()
        .try_for_each(|pruned| self::pruned(out, pruned))
}

fn stage(out: &mut dyn Write, stage: &StagePlan) -> Result<()> {
    let waits = match stage.stage {
        "rest" => "",
        _ => ", then waits for them",
    };
    writeln!(out, "    applies {}{DIM}{waits}{DIM:#}", stage.stage)?;
    let mut unchanged = 0;
    for object in &stage.objects {
        match object.effect {
            Effect::Unchanged => unchanged += 1,
            effect => writeln!(
                out,
                "      {} {DIM}{}{DIM:#}",
                object.object,
                effect.as_str()
            )?,
        }
    }
    match unchanged {
        0 => Ok(()),
        unchanged => writeln!(out, "      {DIM}{unchanged} unchanged{DIM:#}"),
    }
}

fn pruned(out: &mut dyn Write, pruned: &Pruned) -> Result<()> {
    match pruned.deleted {
        true => write!(out, "    {BAD}deletes{BAD:#} {}", pruned.object)?,
        false => write!(out, "    {WARN}leaves{WARN:#} {}", pruned.object)?,
    }
    if let Some(why) = &pruned.why {
        write!(out, " {DIM}because {why}{DIM:#}")?;
    }
    if let Some(heir) = &pruned.moves_to {
        write!(out, ", {WARN}unless {heir} applies it first{WARN:#}")?;
    }
    writeln!(out)
}
