package conformance.kit;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import loops.api.Cell;
import loops.api.Loop;

/// Makes a number of steps and records every call that it gets.
public final class ContractLoop extends Loop<ContractLoop.Arguments, String> {
    /// What the loop is run with.
    ///
    /// @param text how calls name it: `('a',){'k': 1}`
    public record Arguments(String text) {}

    private final Cell<Long> steps = cell("i", 0L);
    private final long wanted;
    private final boolean skipped;
    private final OptionalLong failingAt;
    private final Supplier<RuntimeException> failure;
    private final List<String> log;

    /// A loop that records its calls.
    ///
    /// @param wanted how many steps to make
    /// @param skipped whether to be left out
    /// @param failingAt the step that throws, from 0
    /// @param failure what it throws
    /// @param log where to record
    public ContractLoop(
            long wanted,
            boolean skipped,
            OptionalLong failingAt,
            Supplier<RuntimeException> failure,
            List<String> log) {
        this.wanted = wanted;
        this.skipped = skipped;
        this.failingAt = failingAt;
        this.failure = failure;
        this.log = log;
    }

    /// {@return how many steps of the last run were completed}
    public long steps() {
        return steps.get();
    }

    @Override
    protected boolean skip(Arguments input) {
        return skipped;
    }

    @Override
    protected String onSkip(Arguments input) {
        log.add("on_skip");
        return "SKIPPED";
    }

    @Override
    protected void reset(Arguments input) {
        log.add("reset(restarting=" + python(restarting()) + ")");
        steps.set(0L);
    }

    @Override
    protected void onRunStart(Arguments input) {
        log.add("on_run_start" + input.text());
    }

    @Override
    protected boolean done(Arguments input) {
        boolean done = steps.get() >= wanted;
        log.add("done?" + python(done));
        return done;
    }

    @Override
    protected void onAdvanceStart(Arguments input) {
        log.add("on_advance_start" + input.text());
    }

    @Override
    protected void advance(Arguments input) {
        log.add("advance" + input.text() + " restarting=" + python(restarting()));
        if (failingAt.isPresent() && failingAt.getAsLong() == steps.get()) {
            throw failure.get();
        }
        steps.set(steps.get() + 1);
    }

    @Override
    protected void onAdvanceEnd(Arguments input) {
        log.add("on_advance_end");
    }

    @Override
    protected String onRunEnd(Arguments input) {
        log.add("on_run_end");
        return "OUT" + steps.get();
    }

    private static String python(boolean value) {
        return value ? "True" : "False";
    }
}
