package loops.core.logger;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Text;

/// Writes metrics for TensorBoard, as an event file in `root/name/version_N`. Show them with `tensorboard --logdir root`.
///
/// Each row is one event with a scalar for each metric, rounded to float32 as TensorBoard has it. Groups of names become
/// groups of charts. Hyperparameters are a table under `hyperparameters` in the tab of texts.
///
/// The file is `events.out.tfevents.SECONDS.loops.N`: when it was made, in seconds since 1970, and the first N that
/// is free.
///
/// **Resume.** The state counts the bytes of the file and knows their checksum. [#loadStateDict] finds them in the folder
/// of that version, whatever version this logger was made for, and the next row, [#flush] or [#finish] cuts off what is
/// behind them. A state is taken with the file on the disk, even before the first row: then the file is made.
///
/// No file is held open between two writes.
public final class TensorBoardLogger implements Logger {
    private static final String OWNER = "TensorBoardLogger";
    private static final String HYPERPARAMETERS = "hyperparameters";

    private final LoggerConfig config;
    private final InstantSource clock;
    private final RunFile file;
    private Fields hyperparameters = Fields.empty();

    private TensorBoardLogger(Path root, LoggerConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.file = new RunFile(OWNER, root, config);
    }

    /// {@return a logger that writes into `root/loops/version_N`, with a new number}
    ///
    /// @param root where all runs go
    public static TensorBoardLogger of(Path root) {
        return of(root, config -> {});
    }

    /// {@return a logger that writes as `config` says}
    ///
    /// @param root where all runs go
    /// @param config sets name, version, prefix, and how often rows are written
    public static TensorBoardLogger of(Path root, Consumer<LoggerConfig> config) {
        return of(root, config, InstantSource.system());
    }

    /// {@return a logger that writes as `config` says, with times from `clock`}
    ///
    /// @param root where all runs go
    /// @param config sets name, version, prefix, and how often rows are written
    /// @param clock says when a row was logged
    public static TensorBoardLogger of(
            Path root, Consumer<LoggerConfig> config, InstantSource clock) {
        return new TensorBoardLogger(root, LoggerConfig.of(config), clock);
    }

    @Override
    public String name() {
        return config.name();
    }

    /// {@inheritDoc} Before the first row it is known only if a version was chosen.
    @Override
    public Optional<Path> folder() {
        return file.folder();
    }

    /// {@inheritDoc}
    ///
    /// @throws IllegalStateException if something else wrote into the file
    /// @throws java.io.UncheckedIOException if the file cannot be written
    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {
        if (metrics.isEmpty()) {
            return;
        }
        var values = new LinkedHashMap<String, Double>();
        metrics.forEach((name, value) -> values.put(config.prefixed(name), value));
        open();
        file.add(EventRecord.scalars(clock.instant(), step, values));
    }

    @Override
    public void hyperparameters(Fields values) {
        if (!values.equals(hyperparameters)) {
            hyperparameters = values;
            if (file.isOpen()) {
                keepHyperparameters();
            }
        }
    }

    @Override
    public void flush() {
        file.flush();
    }

    @Override
    public Fields stateDict() {
        open();
        return file.stateDict()
                .with("file", file.path().getFileName().toString())
                .with("hyperparameters", hyperparameters);
    }

    /// {@inheritDoc} Changes no file.
    ///
    /// @throws IllegalStateException if the bytes that the state counts are not in the file
    @Override
    public void loadStateDict(Fields state) {
        StateKeys.require(OWNER, state, "version", "length", "checksum", "file", "hyperparameters");
        var values = state.fields("hyperparameters");
        file.loadStateDict(state, state.text("file"), path -> Optional.empty());
        hyperparameters = values;
    }

    private void open() {
        if (!file.isOpen()) {
            file.open(this::create);
            file.keep(EventRecord.fileVersion(clock.instant()));
            if (!hyperparameters.entries().isEmpty()) {
                keepHyperparameters();
            }
        }
    }

    private LogFile create(Path folder) throws IOException {
        long seconds = clock.instant().getEpochSecond();
        for (int n = 0; ; n++) {
            try {
                return LogFile.create(
                        OWNER,
                        folder.resolve("events.out.tfevents.%d.loops.%d".formatted(seconds, n)));
            } catch (FileAlreadyExistsException _) {
                // another logger made one in the same second
            }
        }
    }

    private void keepHyperparameters() {
        var rows =
                hyperparameters.leaves().entrySet().stream()
                        .map(entry ->
                                "| %s | %s |\n"
                                        .formatted(
                                                cell(entry.getKey()),
                                                cell(shown(entry.getValue()))))
                        .collect(Collectors.joining());
        file.keep(
                EventRecord.text(
                        clock.instant(),
                        HYPERPARAMETERS,
                        "| name | value |\n| --- | --- |\n" + rows));
    }

    private static String shown(LoopState value) {
        return value instanceof Text(String text) ? text : value.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("\n", " ");
    }
}
