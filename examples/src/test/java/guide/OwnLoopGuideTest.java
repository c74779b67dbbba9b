package guide;

import static loops.api.Call.calls;
import static loops.api.Call.runs;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import loops.api.Cell;
import loops.api.Codec;
import loops.api.Hook;
import loops.api.HookOrder;
import loops.api.Listeners;
import loops.api.LongCell;
import loops.api.Loop;
import loops.api.LoopState.Fields;
import loops.api.Slot;
import loops.api.Stateful;
import loops.api.Subscription;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.api.testkit.Scenario;
import org.junit.jupiter.api.Test;

/// Loops of one's own, as `loops.md` shows them.
class OwnLoopGuideTest {
    private final Rocket rocket = new Rocket();

    @Test
    void theCountdownRuns() {
        // @start region=run
        String said = new Countdown().run(rocket);
        // @end region=run

        assertEquals("lift-off", said);
        assertEquals(55, rocket.ticks);
    }

    @Test
    void theTreeIsShown() {
        assertEquals(Snippets.block("loops.md", "Launches"), new Launches().tree());
    }

    @Test
    void theExplanationIsShown() {
        // @start region=explain
        var explained = new Launches().explain();
        String text = explained.text(); // for a terminal
        String chart = explained.mermaid(); // for a document
        String table = explained.hookTable(); // which method calls what
        // @end region=explain

        assertEquals(Snippets.block("loops.md", "Launches, Pad → Long"), text);
        assertEquals(Snippets.block("loops.md", "flowchart TD"), chart);
        assertEquals(3, table.lines().count());
    }

    @Test
    void aHookIsHeard() {
        var rockets = List.of(rocket, new Rocket());
        // @start region=listen
        var launched = new ArrayList<Long>();
        var listeners =
                Listeners.of(Subscription.to(LiftOff.class, event -> launched.add(event.rocket())));
        new Launches().run(new Pad(rockets, listeners));
        // @end region=listen

        assertEquals(List.of(0L, 1L), launched);
    }

    @Test
    void aRunGoesOnFromASavedState() {
        // @start region=save
        var states = new ArrayList<Fields>();
        new Countdown().run(rocket, point -> states.add(point.state()));

        var again = new Countdown();
        again.loadStateDict(states.get(3)); // taken before the fourth step
        again.run(rocket); // counts from 7 to 1
        // @end region=save

        assertEquals(55 + 28, rocket.ticks);
        assertEquals("{left=10}", new Countdown().stateDict().toString());
    }

    @Test
    void aStateOfAnotherLoopIsRefused() {
        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new Countdown().loadStateDict(Fields.empty().with("steps", 3)));

        assertEquals(
                Snippets.block(
                                "loops.md",
                                "loadStateDict: the state does not fit the loop 'Countdown': missing [left], unknown [steps];")
                        .replace('\n', ' ')
                        .strip(),
                refused.getMessage());
    }

    @Test
    void theChecksPass() {
        // @start region=check
        ResumeCheck.everyCut(() -> {
            var rocket = new Rocket();
            return new Scenario<>(new Countdown(), rocket, rocket);
        });
        // @end region=check
        int cuts =
                ResumeCheck.everyCut(() -> {
                    var flight = new Flight();
                    return new Scenario<>(new Launches(), flight.pad, flight);
                });
        assertEquals(25, cuts);
        assertEquals(
                1,
                ReplaceCheck.everySlot(() -> {
                    var flight = new Flight();
                    return new Scenario<>(new Launches(), flight.pad, flight);
                }));
    }

    @Test
    void whatIsAskedOnceIsNotAskedAgain() {
        ResumeCheck.everyCut(() -> {
            var flight = new Flight();
            return new Scenario<>(new ClearedLaunches(flight::clears), flight.pad, flight);
        });
    }

    /// Two rockets, what was heard of them, and a tower that clears every second request.
    private static final class Flight implements Stateful {
        private final Rocket first = new Rocket();
        private final Rocket second = new Rocket();
        private long heard;
        private long requests;
        private final Pad pad =
                new Pad(
                        List.of(first, second),
                        Listeners.of(Subscription.to(LiftOff.class, event -> heard += 1)));

        boolean clears() {
            requests++;
            return requests % 2 == 0;
        }

        @Override
        public Fields stateDict() {
            return Fields.empty()
                    .with("first", first.stateDict())
                    .with("second", second.stateDict())
                    .with("heard", heard)
                    .with("requests", requests);
        }

        @Override
        public void loadStateDict(Fields state) {
            first.loadStateDict(state.fields("first"));
            second.loadStateDict(state.fields("second"));
            heard = state.num("heard");
            requests = state.num("requests");
        }
    }
}

// @start region=countdown
final class Countdown extends Loop<Rocket, String> {
    private final Cell<Integer> left = cell("left", 10); // declared, so it is saved and restored

    @Override
    protected void reset(Rocket rocket) {
        left.set(10);
    }

    @Override
    protected boolean done(Rocket rocket) {
        return left.get() == 0;
    }

    @Override
    protected void advance(Rocket rocket) {
        rocket.tick(left.get());
        left.set(left.get() - 1);
    }

    @Override
    protected String onRunEnd(Rocket rocket) {
        return "lift-off";
    }
}

// @end region=countdown

/// Adds up what it hears.
final class Rocket implements Stateful {
    long ticks;

    void tick(int left) {
        ticks += left;
    }

    @Override
    public Fields stateDict() {
        return Fields.empty().with("ticks", ticks);
    }

    @Override
    public void loadStateDict(Fields state) {
        ticks = state.num("ticks");
    }
}

// @start region=hook
record LiftOff(long rocket) {}

// @end region=hook

// @start region=launches
record Pad(List<Rocket> rockets, Listeners listeners) {}

final class Launches extends Loop<Pad, Long> {
    private final Slot<Rocket, String> countdown = slot("countdown", new Countdown());
    private final LongCell launched = longCell("launched", 0);

    // @end region=launches
    // @start region=hook
    private final Hook<LiftOff> liftOff = hook("lift_off", LiftOff.class); // beside the slot

    // @end region=hook

    // @start region=launches
    @Override
    protected void reset(Pad pad) {
        launched.set(0);
    }

    @Override
    protected boolean done(Pad pad) {
        return launched.get() == pad.rockets().size();
    }

    @Override
    protected void advance(Pad pad) {
        int next = (int) launched.get();
        countdown.run(pad.rockets().get(next)); // a child is run through its slot
        launched.increment();
        // @end region=launches
        // @start region=hook
        liftOff.fire(pad.listeners(), new LiftOff(next)); // as the last thing in advance
        // @end region=hook
        // @start region=launches
    }

    @Override
    protected Long onRunEnd(Pad pad) {
        return launched.get();
    }

    // @end region=launches

    // @start region=hook
    @Override
    protected HookOrder hookOrder() {
        return HookOrder.NONE.advance(runs(countdown), calls(liftOff));
    }
    // @end region=hook
    // @start region=launches
}

// @end region=launches

/// Asks a tower before each countdown.
final class ClearedLaunches extends Loop<Pad, Long> {
    private final Slot<Rocket, String> countdown = slot("countdown", new Countdown());
    private final LongCell launched = longCell("launched", 0);
    private final BooleanSupplier tower;

    ClearedLaunches(BooleanSupplier tower) {
        this.tower = tower;
    }

    @Override
    protected void reset(Pad pad) {
        launched.set(0);
    }

    @Override
    protected boolean done(Pad pad) {
        return launched.get() == pad.rockets().size();
    }

    // @start region=once
    @Override
    protected void advance(Pad pad) {
        boolean cleared =
                once("cleared", Codec.FLAG, tower::getAsBoolean); // asked once, then known
        if (cleared) {
            countdown.run(pad.rockets().get((int) launched.get()));
        }
        launched.increment();
    }

    // @end region=once

    @Override
    protected Long onRunEnd(Pad pad) {
        return launched.get();
    }
}
