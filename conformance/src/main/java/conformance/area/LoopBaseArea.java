package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Phrases;
import conformance.check.UserError;
import conformance.kit.ContractLoop;
import conformance.kit.SimpleLoop;
import conformance.kit.StateDict;
import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import loops.api.LoopState;

/// The protocol of a single loop, and the state of small trees.
final class LoopBaseArea implements Area {
    private static final SimpleLoop.Kind SIMPLE =
            new SimpleLoop.Kind("a", "increment", "loop_child", 1, 0);

    private static final Phrases<SimpleLoop.Kind> CUSTOM_LOOP =
            Phrases.<SimpleLoop.Kind>of()
                    .say(
                            "\\w+\\((\\w+)\\): attribute \\1, progress \\{(\\w+)\\},"
                                    + " on_save_checkpoint -> \\{\\1\\},"
                                    + " advance -> (\\w+)\\.run\\(\\) if any,"
                                    + " on_advance_end -> \\2 \\+= (\\d+), done = \\2 > (\\d+)",
                            said ->
                                    new SimpleLoop.Kind(
                                            said.group(1),
                                            said.group(2),
                                            said.group(3),
                                            Integer.parseInt(said.group(4)),
                                            Integer.parseInt(said.group(5))));

    /// A tree of two, and how far both have come.
    private record Tree(String parentName, SimpleLoop parent, String childName, SimpleLoop child) {}

    @Override
    public String name() {
        return "loop_base";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        return setup.has("tree") ? tree(setup) : contract(setup);
    }

    private static Answers contract(Keys setup) {
        var log = new ArrayList<String>();
        var failingAt = OptionalLong.empty();
        Supplier<RuntimeException> failure = IllegalStateException::new;
        for (String key : setup.names()) {
            if (key.startsWith("advance_raises_")) {
                failingAt = OptionalLong.of(setup.whole(key));
                failure = thrown(key);
            }
        }
        var loop =
                new ContractLoop(
                        setup.whole("n", 0), setup.flag("skip", false), failingAt, failure, log);
        var results = new ArrayList<String>();
        for (long run = setup.whole("runs", 1); run > 0; run--) {
            results.add(result(loop));
        }
        return new Answers()
                .to("log", () -> log)
                .to("result", () -> results)
                .to("restarting_after", loop::restarting)
                .to("i", loop::steps);
    }

    private static String result(ContractLoop loop) {
        try {
            return loop.run(new ContractLoop.Arguments("('a',){'k': 1}"));
        } catch (UserError e) {
            return "raised %s: %s".formatted(e.kind(), e.getMessage());
        } catch (NoSuchElementException e) {
            return "raised StopIteration";
        }
    }

    private static Supplier<RuntimeException> thrown(String key) {
        return Phrases.<Supplier<RuntimeException>>of()
                .say("advance_raises_StopIteration_at", said -> NoSuchElementException::new)
                .say("advance_raises_(\\w+)_at", said -> () -> new UserError(said.group(1), "boom"))
                .read(key);
    }

    private static Answers tree(Keys setup) {
        var kind = setup.textIfAny("custom_loop").map(CUSTOM_LOOP::read).orElse(SIMPLE);
        var tree = trees(kind).read(setup.text("tree"));
        setup.textIfAny("action").ifPresent(action -> actions(tree).read(action).run());
        return new Answers()
                .to(tree.parentName() + ".state_dict()", () -> StateDict.of(tree.parent()))
                .to(tree.childName() + ".state_dict()", () -> StateDict.of(tree.child()))
                .to(
                        "%s stands in %s".formatted(tree.childName(), tree.parentName()),
                        () ->
                                tree.parent().slots().stream()
                                        .anyMatch(slot -> slot.path().equals(tree.child().path())));
    }

    private static Phrases<Tree> trees(SimpleLoop.Kind kind) {
        return Phrases.<Tree>of()
                .say(
                        "(\\w+)\\((\\w+)=(\\d+)\\)\\.(\\w+) = (\\w+)\\(\\2=(\\d+)\\)"
                                + "(?:; \\1\\.trainer = trainer)?",
                        said -> {
                            require(kind.attribute(), said.group(2));
                            require(kind.child(), said.group(4));
                            return tree(
                                    kind,
                                    said.group(1),
                                    said.group(3),
                                    said.group(5),
                                    said.group(6));
                        })
                .say(
                        "(\\w+)\\((\\d+)\\) > (\\w+)\\((\\d+)\\)(?: loaded with increments (\\d+))?",
                        said -> {
                            var made =
                                    tree(
                                            kind,
                                            said.group(1),
                                            said.group(2),
                                            said.group(3),
                                            said.group(4));
                            if (said.group(5) != null) {
                                int steps = Integer.parseInt(said.group(5));
                                load(made, kind, steps);
                            }
                            return made;
                        });
    }

    private static Tree tree(
            SimpleLoop.Kind kind, String parent, String value, String child, String childValue) {
        var below = new SimpleLoop(kind, Integer.parseInt(childValue), Optional.empty());
        var above = new SimpleLoop(kind, Integer.parseInt(value), Optional.of(below));
        return new Tree(parent, above, child, below);
    }

    /// Loads a state in which both loops have made some steps.
    private static void load(Tree tree, SimpleLoop.Kind kind, int steps) {
        var state = tree.parent().stateDict();
        var count = new LoopState.Num(steps);
        state = StateDict.with(state, count, "progress", kind.counter());
        state = StateDict.with(state, count, kind.child(), "progress", kind.counter());
        tree.parent().loadStateDict(state);
    }

    private static Phrases<Runnable> actions(Tree tree) {
        return Phrases.<Runnable>of()
                .say(
                        "delete attribute (\\w+)\\.(\\w+)",
                        said -> {
                            require(tree.parentName(), said.group(1));
                            return () -> tree.parent().removeChild(said.group(2));
                        });
    }

    private static void require(String known, String found) {
        if (!known.equals(found)) {
            throw new NotUnderstoodException(
                    "'%s' is not '%s', which was declared".formatted(found, known));
        }
    }
}
