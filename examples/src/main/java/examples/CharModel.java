package examples;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import loops.api.LoopState.Fields;
import loops.core.Trainer;
import loops.core.training.Limit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tensor.api.RandomKey;

/// Which character comes next? A network reads Moby-Dick, guesses each character from those before it, and now and then writes
/// a text of its own.
///
/// ```text
/// $ ./loops run char-model --smoke
/// step 20, loss 4.1396: FkyYwBHOrL9ebfr[ 9$bOebLewxCOzwrK" Jq7s7
/// step 40, loss 3.4885: VhaU]—'LhH lg twa*iggUhmii9bii t0e 3Doov
/// char-model: nats 3.4683 (lstm), ... s
/// ```
///
/// The whole run, 2,000 steps by a larger network, must come to at most 1.55 nats a character on the last tenth of the novel, and
/// gives `nats 1.5285`; with `--net transformer` it must come to 1.78, and gives `nats 1.7767` (2026-11-23, seed 0, two cores with
/// AVX-512, JDK 25). If not, the exit status is 1.
///
/// The LSTM reads 32 streams, 64 characters a step, and remembers what it has read: [TbpttLoop][loops.recipes.TbpttLoop] takes
/// the place of the loop that makes optimizer steps, and lets its state go on. The transformer looks at single windows, and needs no
/// other loop.
@Command(
        name = "char-model",
        description =
                "Learn to write like Melville: an LSTM whose memory goes on, or a transformer.")
public final class CharModel implements Example {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--net",
            paramLabel = "NAME",
            converter = CharNet.Reader.class,
            description = "lstm or transformer (default: ${DEFAULT-VALUE}).")
    private CharNet net = CharNet.LSTM;

    @Option(
            names = "--sample-every",
            paramLabel = "STEPS",
            converter = Values.Steps.class,
            description = "Let it write after so many steps (default: 500, in a smoke run 20).")
    private @Nullable Integer sampleEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Values.Seed.class,
            description = "Where everything random comes from (default: ${DEFAULT-VALUE}).")
    private int seed = 0;

    @Mixin private RunOptions options = new RunOptions();

    @Mixin private CheckpointOptions checkpoints = new CheckpointOptions();

    /// An example with its default options.
    public CharModel() {}

    @Override
    public Integer call() throws IOException {
        var out = spec.commandLine().getOut();
        var choices =
                Fields.empty()
                        .with("--smoke", options.smoke)
                        .with("--net", net.toString())
                        .with("--seed", seed);
        var saving = checkpoints.of(new SavedChoices(choices));
        int steps = options.smoke ? 40 : 2000;
        var novel = Novel.included();
        var key = RandomKey.of(seed);
        var samples =
                new TextSamples(
                        novel,
                        key.fold("samples"),
                        Objects.requireNonNullElse(sampleEvery, options.smoke ? 20 : 500),
                        options.smoke ? 40 : 200,
                        (run, text) ->
                                out.printf(
                                        Locale.ROOT,
                                        "step %d, loss %.4f: %s%n",
                                        run.globalStep(),
                                        run.metrics().get("loss").orElseThrow(),
                                        text.replace('\n', ' ').strip()));
        var trainer =
                Trainer.of(config ->
                        saving.configure(
                                config.seed(seed)
                                        .maxSteps(steps)
                                        .testLimit(options.smoke ? Limit.batches(2) : Limit.all())
                                        .plan(plan -> plan.validationLimit(Limit.batches(0))),
                                List.of(samples)));
        net.replaceLoops(trainer);
        if (options.explain) {
            trainer.slots().fit().get().explain().text().lines().forEach(out::println);
            return 0;
        }
        var learner = net.learner(novel, options.smoke, steps);
        var data = net.data(novel, key.fold("data"), steps);
        long start = System.nanoTime();
        saving.fit(trainer, learner, data);
        double seconds = (System.nanoTime() - start) / 1e9;
        double nats = trainer.test(learner, data).metric("val_loss");
        out.printf(Locale.ROOT, "char-model: nats %.4f (%s), %.1f s%n", nats, net, seconds);
        return nats <= (options.smoke ? Double.MAX_VALUE : net.wanted()) ? 0 : 1;
    }
}
