package loops.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import loops.api.LoopState.Fields;
import loops.api.testkit.ReplaceCheck;
import loops.api.testkit.ResumeCheck;
import loops.core.loop.OptimizerLoop;
import loops.core.training.TensorState;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of loops over a training whose step yields its losses, inline and as a generator.
class YieldLawPropertyTest {
    private static final List<Supplier<OptimizerLoop>> FORMS =
            List.of(YieldLoop::new, GeneratorLoop::new);

    @Provide
    Arbitrary<Supplier<OptimizerLoop>> forms() {
        return Arbitraries.of(FORMS);
    }

    @Provide
    Arbitrary<SmallGan> gans() {
        var sometimes = Arbitraries.of(true, false);
        var how =
                Combinators.combine(
                                Arbitraries.integers().between(1, 3),
                                sometimes,
                                sometimes,
                                sometimes,
                                sometimes,
                                sometimes)
                        .as(SmallGan.How::new);
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers().between(3, 9),
                        Arbitraries.integers().between(1, 2),
                        how)
                .as(SmallGan::new);
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void aTrainingCutAnywhereGoesOnAsIfUndisturbed(
            @ForAll("gans") SmallGan gan, @ForAll("forms") Supplier<OptimizerLoop> form) {
        ResumeCheck.cuts(8, gan.scenarios(form));
    }

    @Property(tries = 5, edgeCases = EdgeCasesMode.NONE)
    void aPassThroughInAnySlotChangesNothing(
            @ForAll("gans") SmallGan gan, @ForAll("forms") Supplier<OptimizerLoop> form) {
        ReplaceCheck.everySlot(gan.scenarios(form));
    }

    /// What one form has saved the other goes on with.
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void bothFormsComeToTheSameStates(@ForAll("gans") SmallGan gan) {
        assertEquals(states(gan, YieldLoop::new), states(gan, GeneratorLoop::new));
    }

    /// {@return the states of the tree and of the training at each safe point}
    private static List<Fields> states(SmallGan gan, Supplier<OptimizerLoop> form) {
        var states = new ArrayList<Fields>();
        var scenario = gan.scenarios(form).get();
        scenario.loop()
                .run(
                        scenario.input(),
                        point -> {
                            states.add(point.state());
                            states.add(scenario.world().stateDict());
                        });
        return states;
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE)
    void bothFormsGiveTheBitsOfAPlainLoop(@ForAll("gans") SmallGan any) {
        var gan = any.whole();
        var plain = TensorState.fields(PlainGan.trained(gan).stateDict());

        for (var form : FORMS) {
            var module = new SmallGan.Gan(gan);
            gan.fit(module, form);
            assertEquals(plain, TensorState.fields(module.nets.stateDict()));
        }
    }
}
