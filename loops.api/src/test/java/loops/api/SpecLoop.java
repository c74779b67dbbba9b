package loops.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import loops.api.LoopState.Fields;
import loops.api.TreeSpec.Act;
import loops.api.TreeSpec.Trait;
import org.jspecify.annotations.Nullable;

/// The loop of a [TreeSpec]. It keeps the rules for authors: what comes before the last child of a method stands in
/// `once`, or is a pure function of the input, the parts and earlier outputs.
final class SpecLoop extends Loop<SpecLoop.Visit, Long> {

    /// What a loop of the tree works on.
    ///
    /// @param world what is alive beside the loops
    /// @param index the place of this run, for what depends on it
    /// @param key a number from above
    /// @param loose whether nothing can be cut here, so that no rule need be kept
    record Visit(World world, int index, long key, boolean loose) {}

    private final TreeSpec spec;
    private final String name;
    private final boolean saveable;
    private final boolean throwing;

    private final Cell<Integer> steps = cell("steps", 0);
    private final Cell<Long> memory = cell("memory.of_outputs", 0L);
    private final Cell<Boolean> odd = cell("memory.odd", false);
    private final Progress work = progress("memory.progress", Progress.READY_COMPLETED);
    private final Held<Box> box = held("box");
    private final Derived<Long> table = derived("table");
    private final Hook<World.Happened> happened = hook("happened", World.Happened.class);
    private final LongCell runs = longCell("runs", 0);
    private final List<Slot<Visit, Long>> children = new ArrayList<>();

    SpecLoop(TreeSpec spec) {
        this(spec, "root", true, false);
    }

    private SpecLoop(TreeSpec spec, String name, boolean saveable, boolean throwing) {
        this.spec = spec;
        this.name = name;
        this.saveable = saveable;
        this.throwing = throwing;
        for (int i = 0; i < spec.children().size(); i++) {
            children.add(slot("child_" + i, child(i)));
        }
    }

    private SpecLoop child(int at) {
        var below = spec.children().get(at);
        boolean last = spec.alwaysLast(at);
        return new SpecLoop(
                below,
                name + "." + at,
                !(last && below.traits().contains(Trait.NO_CODEC)),
                last && below.traits().contains(Trait.THROWS));
    }

    /// {@return an equal loop that has not been run}
    SpecLoop twin() {
        return new SpecLoop(spec, name, saveable, throwing);
    }

    private boolean is(Trait trait) {
        return spec.traits().contains(trait);
    }

    @Override
    protected boolean skip(Visit in) {
        return is(Trait.SKIPS) && (in.index() + in.world().events()) % 4 == 3;
    }

    @Override
    protected Long onSkip(Visit in) {
        in.world().event(name + " skipped");
        return in.key();
    }

    @Override
    protected void reset(Visit in) {
        steps.set(0);
        runs.increment();
        work.resetCurrent();
        in.world().event(name + " reset");
    }

    @Override
    protected boolean done(Visit in) {
        return steps.get() >= spec.limit()
                || in.world().exhausted()
                || (in.world().stop.requested() && steps.get() >= spec.least());
    }

    @Override
    protected void onRunStart(Visit in) {
        play(TreeSpec.RUN_START, in);
    }

    @Override
    protected void onAdvanceStart(Visit in) {
        play(TreeSpec.ADVANCE_START, in);
    }

    @Override
    protected void advance(Visit in) {
        long picked = play(TreeSpec.ADVANCE, in);

        // After the last child everything is free.
        in.world().burn();
        if (throwing && in.index() % 3 == 1 && (picked & 1) == 0) {
            throw new Oops();
        }
        memory.set(World.mix(memory.get(), picked));
        odd.set((picked & 1) == 1);
        steps.set(steps.get() + 1);
    }

    @Override
    protected void onAdvanceEnd(Visit in) {
        play(TreeSpec.ADVANCE_END, in);
        work.increment(Stage.COMPLETED);
    }

    @Override
    @SuppressWarnings("NullAway") // an output of null is allowed, and a loop of Void has no other
    protected Long onRunEnd(Visit in) {
        long picked = play(TreeSpec.RUN_END, in);
        if (is(Trait.LETS_GO)) {
            box.clear();
        }
        in.world().event(name + " ended");
        return is(Trait.NO_OUTPUT) ? null : World.mix(picked, memory.get());
    }

    @Override
    protected boolean atomic() {
        return is(Trait.ATOMIC);
    }

    @Override
    protected Optional<Codec<Long>> outputCodec() {
        return saveable ? Optional.of(Codec.LONG) : Optional.empty();
    }

    @Override
    protected Fields inputKey(Visit in) {
        return Fields.empty().with("index", in.index());
    }

    private long play(int method, Visit in) {
        var script = spec.scripts().get(method);
        int last = TreeSpec.lastCut(script);
        boolean loose = in.loose() || atomic();
        long picked = in.key();
        for (int i = 0; i < script.size(); i++) {
            picked = act(script.get(i), method + "/" + i, i > last || loose, loose, in, picked);
        }
        return picked;
    }

    private long act(Act act, String place, boolean free, boolean loose, Visit in, long picked) {
        String what = name + " " + place + " " + act.kind();
        var world = in.world();
        switch (act.kind()) {
            case EVENT -> effect(free, what, () -> world.event(what));
            case FIRE ->
                    effect(
                            free,
                            what,
                            () -> happened.fire(world.listeners, new World.Happened(what)));
            case CELL ->
                    effect(
                            free,
                            what,
                            () -> memory.set(World.mix(memory.get(), picked ^ world.draw())));
            case HELD -> effect(free, what, () -> boxOf(in).value += picked);
            case PROGRESS -> effect(free, what, () -> work.increment(Stage.READY));
            case STOP ->
                    effect(
                            free,
                            what,
                            () -> {
                                if (world.draw() % 5 == 0) {
                                    world.stop.request(what);
                                }
                            });
            case DRAW -> {
                return free ? world.draw() : once(what, Codec.LONG, world::draw);
            }
            case DERIVED -> {
                return World.mix(picked, table.get(() -> 31L * in.index()));
            }
            case CHILD -> {
                return children.isEmpty() || !holds(act, in, picked)
                        ? picked
                        : runChild(act, place, loose, in, picked);
            }
            case ONCE_CHILD -> {
                return children.isEmpty() || !holds(act, in, picked)
                        ? picked
                        : once(what, Codec.LONG, () -> runChild(act, place, true, in, picked));
            }
        }
        return picked;
    }

    private void effect(boolean free, String what, Runnable body) {
        if (free) {
            body.run();
        } else {
            once(what, body);
        }
    }

    private Box boxOf(Visit in) {
        return box.get(() -> new Box(in.index()));
    }

    private boolean holds(Act act, Visit in, long picked) {
        return switch (act.when()) {
            case ALWAYS -> true;
            case BY_INPUT -> in.index() % 2 == 0;
            case BY_DRAW -> picked % 2 == 0;
            case BY_CELL -> !odd.get();
        };
    }

    private long runChild(Act act, String place, boolean loose, Visit in, long picked) {
        var child = children.get(spec.childOf(act));
        int index = (7 * in.index() + place.hashCode()) & 0xFF;
        try {
            @Nullable Long output = child.run(new Visit(in.world(), index, picked, loose));
            return World.mix(picked, output == null ? 17 : output);
        } catch (Oops e) {
            in.world().event(name + " caught"); // no child comes after one that throws
            return picked + 1;
        }
    }

    /// A live object of one scope.
    static final class Box implements Stateful {
        long value;

        Box(long value) {
            this.value = value;
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("value", value);
        }

        @Override
        public void loadStateDict(Fields state) {
            value = state.num("value");
        }
    }

    /// What the loop above catches.
    static final class Oops extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Oops() {
            super("oops");
        }
    }
}
