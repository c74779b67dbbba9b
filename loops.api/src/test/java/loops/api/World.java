package loops.api;

import loops.api.LoopState.Fields;

/// Everything alive beside the loops of a random tree: a random state, a record of what was done, a stop request, and
/// the fuel that bounds the run.
final class World implements Stateful {
    final StopSignal stop = new StopSignal();
    final Listeners listeners =
            Listeners.of(Subscription.to(Happened.class, happened -> event(happened.what)));
    private long random;
    private long fuel;
    private long events;
    private long hash;
    private String last = "";
    private long bomb = -1;

    World(long seed, int fuel) {
        this.random = seed;
        this.fuel = fuel;
    }

    /// Throws a [Bomb] instead of the event of that number.
    void explodeAt(long event) {
        bomb = event;
    }

    /// Records that something was done.
    void event(String what) {
        if (events == bomb) {
            throw new Bomb();
        }
        events++;
        last = what;
        hash = mix(hash, what.hashCode());
    }

    /// {@return the next random number}
    long draw() {
        random = mix(random, events);
        return random >>> 1;
    }

    void burn() {
        fuel--;
    }

    boolean exhausted() {
        return fuel <= 0;
    }

    long events() {
        return events;
    }

    static long mix(long a, long b) {
        long x = (a ^ (b + 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
        return x ^ (x >>> 29);
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("last", last)
                .with("events", events)
                .with("hash", hash)
                .with("random", random)
                .with("fuel", fuel)
                .with("stop", stop.stateDict());
    }

    @Override
    public void loadStateDict(Fields state) {
        last = state.text("last");
        events = state.num("events");
        hash = state.num("hash");
        random = state.num("random");
        fuel = state.num("fuel");
        stop.loadStateDict(state.fields("stop"));
    }

    /// Told by the hook of a loop.
    record Happened(String what) {}

    /// What nobody catches.
    static final class Bomb extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Bomb() {
            super("bomb");
        }
    }
}
