package conformance.area;

import conformance.check.Answers;
import conformance.check.Expectation;
import conformance.check.Keys;
import conformance.check.NotUnderstoodException;
import conformance.check.Observed;
import conformance.check.Phrases;
import conformance.kit.ChainLoop;
import conformance.kit.NestedLoop;
import conformance.kit.OwnLoops;
import conformance.kit.OwnLoops.Way;
import conformance.kit.Refused;
import conformance.kit.ReportListener;
import conformance.kit.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import loops.api.Loop;
import loops.api.Slot;

/// Loops that are put into the tree of a trainer: as they are, or in the place of others.
final class LoopConnectReplaceArea implements Area {
    private static final Pattern CHANGE =
            Pattern.compile("([\\w.]+)\\.(connect|replace)\\((.*)\\)");
    private static final Pattern ARGUMENT =
            Pattern.compile("(\\w+)=(<[^>]*>|new \\w+\\(\\))(?:, )?");
    private static final Pattern CHAIN = Pattern.compile("(\\w+)\\((?:(\\w+)=(.*))?\\)");
    private static final List<String> GENERATIONS = List.of("root", "child", "grandchild");

    /// A loop of a case's own: its name and the class that it extends, which may be left open.
    private record Own(String name, String base) {}

    private static final Phrases<Own> OWN =
            Phrases.<Own>of()
                    .say(
                            "<(?:class|instance of) (\\w+) extends (\\w+)(?: with constructor \\(.*\\))?>",
                            said -> new Own(said.group(1), said.group(2)))
                    .say("<class overriding on_advance_end>", said -> new Own("own", ""))
                    .say("new (\\w+)\\(\\)", said -> new Own("new", said.group(1)));

    @Override
    public String name() {
        return "loop_connect_replace";
    }

    @Override
    public Answers observe(Keys setup, Expectation expect) {
        if (setup.has("assign_to")) {
            return assign(setup);
        }
        return setup.has("tree") ? restart(setup) : change(setup);
    }

    // ---- loops of one's own at the top

    private static Answers assign(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        var target =
                Phrases.<List<String>>of()
                        .say("trainer\\.(\\w+)", said -> List.of(said.group(1), "loop"))
                        .say(
                                "trainer\\.(\\w+) = (\\w+)",
                                said -> List.of(said.group(1), said.group(2)))
                        .read(setup.text("assign_to"));
        var main = main(setup, target.getLast());
        return switch (target.getFirst()) {
            case "fit_loop" -> assign(scenario, scenario.trainer().slots().fit(), main, setup);
            case "validate_loop" ->
                    assign(scenario, scenario.trainer().slots().validate(), main, setup);
            case "test_loop" -> assign(scenario, scenario.trainer().slots().test(), main, setup);
            case "predict_loop" ->
                    assign(scenario, scenario.trainer().slots().predict(), main, setup);
            default -> throw new NotUnderstoodException("a trainer has no " + target.getFirst());
        };
    }

    /// What is put in: its name, whether it is done at once, its children.
    private record Main(String name, boolean done, List<String> children) {}

    private static Main main(Keys setup, String name) {
        if (!setup.has("tree")) {
            boolean done =
                    Phrases.<Boolean>of()
                            .say(
                                    "\\w+ \\(done=(True|False), no children\\)",
                                    said -> said.group(1).equals("True"))
                            .read(setup.text("custom_loop"));
            return new Main(name, done, List.of());
        }
        return new Main(name, false, setup.fields("tree").texts(name));
    }

    private static <I, O> Answers assign(
            Scenario scenario, Slot<I, O> slot, Main main, Keys setup) {
        var loop = new NestedLoop<I, O>(main.done(), main.children());
        var loops = new LinkedHashMap<String, Loop<?, ?>>();
        loops.put(main.name(), loop);
        loops.putAll(loop.children());
        setup.textIfAny("connect")
                .ifPresent(said -> loops.putAll(connected(said, main.name(), loop)));
        var before = places(scenario, loops);
        slot.connect(loop);
        var after = places(scenario, loops);
        return new Answers().to("before_assign", () -> before).to("after_assign", () -> after);
    }

    /// The children under the names that they have where they are connected.
    private static Map<String, Loop<?, ?>> connected(
            String said, String main, NestedLoop<?, ?> loop) {
        var names =
                Phrases.<List<String>>of()
                        .say(
                                main + "\\.connect\\((.*)\\) before the trainer exists",
                                match -> List.of(match.group(1).split(", ", -1)))
                        .read(said);
        var children = List.copyOf(loop.children().values());
        if (names.size() != children.size()) {
            throw new NotUnderstoodException(
                    "%d children are connected and the tree has %d"
                            .formatted(names.size(), children.size()));
        }
        var named = new LinkedHashMap<String, Loop<?, ?>>();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), children.get(i));
        }
        return named;
    }

    /// Where loops stand now.
    private static Answers places(Scenario scenario, Map<String, ? extends Loop<?, ?>> loops) {
        var answers = new Answers();
        loops.forEach((name, loop) -> {
            var root = root(scenario, loop);
            answers.to(name + " stands in trainer", root::isPresent);
            loops.forEach((other, its) -> {
                boolean same = root.isPresent() && root.equals(root(scenario, its));
                answers.to("%s stands in the tree of %s".formatted(name, other), () -> same);
            });
        });
        return answers;
    }

    /// The place at the top of the tree in which a loop stands.
    private static Optional<String> root(Scenario scenario, Loop<?, ?> loop) {
        return OwnLoops.roots(scenario.trainer()).stream()
                .filter(slot -> contains(slot, loop))
                .map(Slot::name)
                .findFirst();
    }

    @SuppressWarnings("ReferenceEquality") // this very loop
    private static boolean contains(Slot<?, ?> slot, Loop<?, ?> loop) {
        return slot.get() == loop
                || slot.get().slots().stream().anyMatch(below -> contains(below, loop));
    }

    // ---- restarting

    private static Answers restart(Keys setup) {
        var root = chain(setup.text("tree"));
        Phrases.<Boolean>of()
                .say("root\\.restarting = true", said -> true)
                .read(setup.text("action"));
        var before = restarting(root);
        root.restart();
        var after = restarting(root);
        return new Answers().to("before", () -> before).to("after", () -> after);
    }

    private static ChainLoop chain(String text) {
        var matcher = CHAIN.matcher(text);
        if (!matcher.matches()) {
            throw new NotUnderstoodException("'%s' is no tree of loops".formatted(text));
        }
        return matcher.group(2) == null
                ? new ChainLoop("", Optional.empty())
                : new ChainLoop(matcher.group(2), Optional.of(chain(matcher.group(3))));
    }

    private static Map<String, Boolean> restarting(ChainLoop root) {
        var restarting = new LinkedHashMap<String, Boolean>();
        var chain = root.chain();
        for (int i = 0; i < chain.size(); i++) {
            int last = GENERATIONS.size() - 1;
            String name =
                    i <= last
                            ? GENERATIONS.get(i)
                            : "great_".repeat(i - last) + GENERATIONS.get(last);
            restarting.put(name, chain.get(i).restarting());
        }
        return restarting;
    }

    // ---- loops in the place of others

    private static Answers change(Keys setup) {
        var scenario = Scenario.of(setup.fields("trainer"));
        setup.textIfAny("model").ifPresent(said -> model(scenario, said));
        var heard = new ReportListener();
        scenario.callback(heard);
        var own = new OwnLoops(scenario.trainer(), scenario.events());
        var loops = new LinkedHashMap<String, Loop<?, ?>>();
        var answers = new Answers();
        var statements = new ArrayList<String>();
        var thrown =
                Refused.by(() -> {
                    change(setup.text("action"), own, loops, statements, answers);
                    return loops;
                });
        var before = places(scenario, loops);
        setup.textIfAny("then").ifPresent(said -> run(scenario, said));
        var after = places(scenario, loops);
        return answers.to("error_kind", () -> Observed.kind(thrown.orElse(null)))
                .to("after_connect", () -> statements)
                .to("before_fit", () -> before)
                .to("after_fit", () -> after)
                .to("on_advance_end_called", () -> scenario.events().count("on_advance_end") > 0)
                .to(
                        "in_every_on_advance_end",
                        () ->
                                new Answers()
                                        .to(
                                                "stored_outputs_empty",
                                                () -> !own.keptNothing().contains(false)))
                .to(
                        "on_test_batch_end.outputs_not_null",
                        () ->
                                !heard.tested().isEmpty()
                                        && heard.tested().stream().noneMatch(Map::isEmpty));
    }

    private static void model(Scenario scenario, String said) {
        Phrases.<Runnable>of()
                .say("boring", match -> () -> {})
                .say(
                        "boring with (?:training|validation|test)_epoch_end disabled",
                        match -> () -> scenario.script().keepsResults(false))
                .read(said)
                .run();
    }

    private static void run(Scenario scenario, String said) {
        Phrases.<Runnable>of()
                .say("trainer\\.fit\\(\\w+\\)", match -> scenario::fit)
                .say("trainer\\.validate\\(\\w+\\)", match -> scenario::validate)
                .say("trainer\\.test\\(\\w+\\)", match -> scenario::test)
                .say("trainer\\.predict\\(\\w+\\)", match -> scenario::predict)
                .read(said)
                .run();
    }

    /// Puts in all that an action names, and answers what stands there then.
    private static void change(
            String action,
            OwnLoops own,
            Map<String, Loop<?, ?>> loops,
            List<String> statements,
            Answers answers) {
        var matcher = CHANGE.matcher(action);
        if (!matcher.matches()) {
            throw new NotUnderstoodException("'%s' is no change of a tree".formatted(action));
        }
        var way = Way.valueOf(matcher.group(2).toUpperCase(java.util.Locale.ROOT));
        String parent = matcher.group(1);
        int end = 0;
        for (Matcher m = ARGUMENT.matcher(matcher.group(3)); m.find(); end = m.end()) {
            if (m.start() != end) {
                break;
            }
            String written = parent + "." + m.group(1);
            String path = OwnLoops.path(written);
            var wanted = OWN.read(m.group(2));
            var old = own.at(path);
            var children = children(old);
            own.put(path, way, wanted.base(), wanted.name());
            var now = own.at(path);
            loops.put("new_" + m.group(1), now);
            statements.add(
                    "%s is %s"
                            .formatted(
                                    lastTwo(written),
                                    own.nameOf(now).equals(wanted.name())
                                            ? "new_" + m.group(1)
                                            : "another"));
            boolean same = children.equals(children(now));
            answers.to(
                    written,
                    () ->
                            new Answers()
                                    .to("instance_of", () -> own.nameOf(now))
                                    .to(
                                            "children",
                                            () -> same ? "those of the old loop" : "others"));
        }
        if (end != matcher.group(3).length()) {
            throw new NotUnderstoodException(
                    "'%s' names what is put in another way".formatted(action));
        }
    }

    private static List<Loop<?, ?>> children(Loop<?, ?> loop) {
        return loop.slots().stream().<Loop<?, ?>>map(Slot::get).toList();
    }

    private static String lastTwo(String path) {
        var names = List.of(path.split("\\.", -1));
        return String.join(".", names.subList(Math.max(0, names.size() - 2), names.size()));
    }
}
