package loops.api.testkit;

import loops.api.LoopState.Fields;
import loops.api.Stateful;
import loops.api.StopSignal;

/// What the loops of these tests work on: a record of what was done, a random state, a stop request.
class Notes implements Stateful {
    final StopSignal stop = new StopSignal();
    private long count;
    private String last = "nothing";
    private String all = "";
    private long random = 7;

    void add(String what) {
        count++;
        last = what;
        all = all + what + "; ";
    }

    long draw() {
        random = (31 * random + 5) % 1009;
        return random;
    }

    @Override
    public Fields stateDict() {
        return Fields.empty()
                .with("count", count)
                .with("last", last)
                .with("all", all)
                .with("random", random)
                .with("stop", stop.stateDict());
    }

    @Override
    public void loadStateDict(Fields state) {
        count = state.num("count");
        last = state.text("last");
        all = state.text("all");
        random = state.num("random");
        stop.loadStateDict(state.fields("stop"));
    }
}
