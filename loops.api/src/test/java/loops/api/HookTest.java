package loops.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A loop tells its listeners of events of its own.
class HookTest {
    private final List<String> told = new ArrayList<>();

    // ---- who is told

    @Test
    void listenersAreToldInTheOrderOfTheirSubscription() {
        var listeners =
                Listeners.of(
                        Subscription.to(EpisodeEnd.class, end -> told.add("first " + end)),
                        Subscription.to(EpisodeEnd.class, end -> told.add("second " + end)));

        new Episodes(1).run(listeners);

        assertEquals(
                List.of(
                        "first EpisodeEnd[episode=0, reward=0.5]",
                        "second EpisodeEnd[episode=0, reward=0.5]"),
                told);
    }

    @Test
    void aListenerIsToldOfItsTypeAndTheSubtypes() {
        var listeners =
                Listeners.of(
                        Subscription.to(Unheard.class, _ -> told.add("never")),
                        Subscription.<Moment>to(Moment.class, _ -> told.add("moment")),
                        Subscription.to(Object.class, _ -> told.add("anything")));

        new Episodes(2).run(listeners);

        assertEquals(List.of("moment", "anything", "moment", "anything"), told);
    }

    @Test
    void nobodyNeedsToListen() {
        var loop = new Episodes(2);

        loop.run(Listeners.NONE);

        assertEquals(2, loop.values().num("episode"));
    }

    @Test
    void aHookHasANameAndAType() {
        var loop = new Episodes(1);

        assertEquals("episode_end", loop.episodeEnd.name());
        assertSame(EpisodeEnd.class, loop.episodeEnd.type());
        assertEquals("Episodes.episode_end: EpisodeEnd", loop.episodeEnd.toString());
        assertEquals("{episode=0}", loop.stateDict().toString());
    }

    @Test
    void aNameIsDeclaredOnce() {
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                new Episodes(1) {
                                    {
                                        hook("episode_end", String.class);
                                    }
                                });

        assertEquals(
                "Episodes: 'episode_end' is declared beside 'episode_end'; each part needs a key of its own",
                error.getMessage());
    }

    @Test
    void aReplacedLoopHasTheHookWhereTheOldOneHadIt() {
        var slot = Slot.root("episodes", new Episodes(1));

        slot.replace(old -> new Episodes(2));
        slot.run(Listeners.of(Subscription.to(EpisodeEnd.class, _ -> told.add("told"))));

        assertEquals(2, told.size());
        var error =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> slot.replace(old -> new Quiet(q -> q.cell("episode_end", 1))));
        assertEquals(
                "replace: 'episode_end' is a Hook in the old loop and a Cell in the new one",
                error.getMessage());
        slot.connect(new Quiet(q -> q.cell("episode_end", 1)));
        assertThrows(IllegalArgumentException.class, () -> slot.replace(old -> new Episodes(1)));
    }

    // ---- what a listener throws

    @Test
    void whatAListenerThrowsSurfacesWithTheLoopAndTheHook() {
        var oops = new UnsupportedOperationException("oops");
        var slot = Slot.root("episodes", new Episodes(1));

        var thrown =
                assertThrows(
                        UnsupportedOperationException.class,
                        () ->
                                slot.run(
                                        Listeners.of(
                                                Subscription.to(
                                                        EpisodeEnd.class,
                                                        _ -> {
                                                            throw oops;
                                                        }))));

        assertSame(oops, thrown);
        assertEquals(
                "in loop 'episodes', hook 'episode_end' in onAdvanceEnd",
                LoopTrace.of(thrown).orElseThrow().getMessage());
    }

    // ---- where a hook may be fired

    @Test
    void aHookBeforeAChildIsRefusedInTheFirstRun() {
        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> new Outer(o -> o.fire()).run(Listeners.NONE));

        assertEquals(
                "Outer: hook 'begin' was fired before child 'episodes' in advance, so a resumed run could not repeat it; do it in once(...), in onAdvanceStart, or after the last child",
                error.getMessage());
    }

    @Test
    void aHookInOnceIsNotFiredAgainByAResumedRun() {
        var listeners = Listeners.of(Subscription.to(Object.class, told(told)));
        var state = Cuts.at(3, new Outer(o -> o.once("begin", o::fire)), listeners);
        var first = List.copyOf(told);
        told.clear();
        var loop = new Outer(o -> o.once("begin", o::fire));

        loop.loadStateDict(state);
        loop.run(listeners);

        assertEquals(List.of("Begin", "EpisodeEnd", "EpisodeEnd"), first);
        assertEquals(List.of("EpisodeEnd"), told);
    }

    @Test
    void aHookInAQuestionIsRefused() {
        var asked =
                new Episodes(1) {
                    @Override
                    protected boolean done(Listeners listeners) {
                        episodeEnd.fire(listeners, new EpisodeEnd(0, 0));
                        return true;
                    }
                };
        var skipped =
                new Episodes(1) {
                    @Override
                    protected boolean skip(Listeners listeners) {
                        episodeEnd.fire(listeners, new EpisodeEnd(0, 0));
                        return true;
                    }
                };

        assertEquals(
                "Episodes: hook 'episode_end' fired in done, which is only a question; fire it in a step",
                assertThrows(IllegalStateException.class, () -> asked.run(Listeners.NONE))
                        .getMessage());
        assertEquals(
                "Episodes: hook 'episode_end' fired in skip, which is only a question; fire it in a step",
                assertThrows(IllegalStateException.class, () -> skipped.run(Listeners.NONE))
                        .getMessage());
    }

    @Test
    void aHookOutsideARunIsRefused() {
        var loop = new Episodes(1);

        var error =
                assertThrows(
                        IllegalStateException.class,
                        () -> loop.episodeEnd.fire(Listeners.NONE, new EpisodeEnd(0, 0)));

        assertEquals(
                "Episodes: hook 'episode_end' fired in no run; fire it in a method that the run calls",
                error.getMessage());
    }

    private static Consumer<Object> told(List<String> told) {
        return event -> told.add(event.getClass().getSimpleName());
    }

    private sealed interface Moment {}

    private record EpisodeEnd(int episode, double reward) implements Moment {}

    private record Begin() implements Moment {}

    private record Unheard() {}

    private static class Episodes extends Loop<Listeners, Void> {
        final Hook<EpisodeEnd> episodeEnd = hook("episode_end", EpisodeEnd.class);
        private final Cell<Integer> episode = cell("episode", 0);
        private final int limit;

        Episodes(int limit) {
            this.limit = limit;
        }

        @Override
        protected void reset(Listeners listeners) {
            episode.set(0);
        }

        @Override
        protected boolean done(Listeners listeners) {
            return episode.get() == limit;
        }

        @Override
        protected void advance(Listeners listeners) {
            episode.set(episode.get() + 1);
        }

        @Override
        protected void onAdvanceEnd(Listeners listeners) {
            episodeEnd.fire(listeners, new EpisodeEnd(episode.get() - 1, 0.5));
        }
    }

    /// Does something of the test's before its child.
    private static final class Outer extends Loop<Listeners, Void> {
        private final Hook<Begin> begin = hook("begin", Begin.class);
        private final Cell<Boolean> ran = cell("ran", false);
        private final Slot<Listeners, Void> episodes = slot("episodes", new Episodes(3));
        private final Derived<Listeners> listeners = derived("listeners");
        private final Consumer<Outer> before;

        Outer(Consumer<Outer> before) {
            this.before = before;
        }

        void fire() {
            begin.fire(listeners.get(() -> Listeners.NONE), new Begin());
        }

        @Override
        protected boolean done(Listeners in) {
            return ran.get();
        }

        @Override
        protected void advance(Listeners in) {
            listeners.get(() -> in);
            before.accept(this);
            episodes.run(in);
            ran.set(true);
        }
    }

    private static final class Quiet extends Loop<Listeners, Void> {
        Quiet(Consumer<Quiet> declare) {
            declare.accept(this);
        }

        @Override
        protected boolean done(Listeners in) {
            return true;
        }

        @Override
        protected void advance(Listeners in) {}
    }
}
