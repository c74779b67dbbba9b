package own.loop;

import java.util.ArrayList;
import loops.api.LoopState;

/// Runs a loop, then again from each state that it could be saved in.
final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        var states = new ArrayList<LoopState.Fields>();

        long sum = new Triangle().run(100, point -> states.add(point.state()));

        System.out.println("sum " + sum);
        for (var state : states) {
            var resumed = new Triangle();
            resumed.loadStateDict(state);
            long again = resumed.run(100);
            if (again != sum) {
                throw new AssertionError("resumed from " + state + ": " + again);
            }
        }
        System.out.println("the same from each of " + states.size() + " saved states");
    }
}
