package loops.core.logger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import loops.api.LoopState;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Items;
import loops.api.LoopState.Text;

/// Writes metrics as a table, `root/name/version_N/metrics.csv`, and hyperparameters beside it, `hparams.json`.
///
/// ```text
/// step,epoch,loss,val/loss
/// 49,0,1.25,
/// 99,0,0.875,
/// 99,0,,0.9375
/// ```
///
/// **Columns.** First `step`, then the metrics in the order in which they first appear; `epoch`, where a row brings it,
/// before the others of that row. A row is empty where it has no value. Numbers are written so that they read back to
/// the same bits, `epoch` without a point if it is whole. Names are quoted where they have a comma or a quote.
///
/// **Cost.** A row is appended; what stands in the file is not touched. Only a row with a new column writes the file
/// anew, beside its place and then renamed: few times in a run, but every time if a name has a counter in it.
///
/// **Resume.** The state counts the bytes of the file and knows their checksum. [#loadStateDict] finds them in the folder
/// of that version, whatever version this logger was made for, and the next row, [#flush] or [#finish] cuts off what is
/// behind them. Columns that came later vanish too. A state is taken with the file on the disk, even before the first
/// row: then the file is made, and is empty.
///
/// No file is held open between two writes.
public final class CsvLogger implements Logger {
    private static final String OWNER = "CsvLogger";
    private static final String METRICS = "metrics.csv";
    private static final String HYPERPARAMETERS = "hparams.json";

    private final LoggerConfig config;
    private final RunFile file;
    private CsvColumns columns = CsvColumns.NONE;
    private Fields hyperparameters = Fields.empty();
    private boolean hyperparametersDue;

    private CsvLogger(Path root, LoggerConfig config) {
        this.config = config;
        this.file = new RunFile(OWNER, root, config);
    }

    /// {@return a logger that writes into `root/loops/version_N`, with a new number}
    ///
    /// @param root where all runs go
    public static CsvLogger of(Path root) {
        return of(root, config -> {});
    }

    /// {@return a logger that writes as `config` says}
    ///
    /// @param root where all runs go
    /// @param config sets name, version, prefix, and how often rows are written
    public static CsvLogger of(Path root, Consumer<LoggerConfig> config) {
        return new CsvLogger(root, LoggerConfig.of(config));
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
    /// @throws IllegalArgumentException if a metric is called `step`, or its name has a line break
    /// @throws IllegalStateException if the chosen version has a file already, or something else wrote into the file
    /// @throws java.io.UncheckedIOException if the file cannot be written
    @Override
    public void log(SequencedMap<String, Double> metrics, long step) {
        if (metrics.isEmpty()) {
            return;
        }
        var values = new LinkedHashMap<String, Double>();
        metrics.forEach((name, value) -> values.put(config.prefixed(name), value));
        var wider = columns.with(values.sequencedKeySet());
        open();
        if (columns.equals(CsvColumns.NONE)) {
            file.keep(wider.header().getBytes(UTF_8));
        } else if (!columns.equals(wider)) {
            file.replace(columns.widened(file.path(), wider));
        }
        columns = wider;
        file.add(columns.row(values, step).getBytes(UTF_8));
    }

    @Override
    public void hyperparameters(Fields values) {
        if (!values.equals(hyperparameters)) {
            hyperparameters = values;
            hyperparametersDue = true;
            writeHyperparameters();
        }
    }

    @Override
    public void flush() {
        writeHyperparameters();
        file.flush();
    }

    @Override
    public Fields stateDict() {
        open();
        return file.stateDict()
                .with(
                        "columns",
                        new Items(columns.metrics().stream().<LoopState>map(Text::new).toList()))
                .with("hyperparameters", hyperparameters);
    }

    /// {@inheritDoc} Changes no file.
    ///
    /// @throws IllegalStateException if the bytes that the state counts are not in the file
    @Override
    public void loadStateDict(Fields state) {
        StateKeys.require(
                OWNER, state, "version", "length", "checksum", "columns", "hyperparameters");
        var loaded = new CsvColumns(state.items("columns").stream().map(CsvLogger::name).toList());
        var values = state.fields("hyperparameters");
        file.loadStateDict(state, METRICS, loaded::narrowed);
        columns = loaded;
        hyperparameters = values;
        hyperparametersDue = !values.entries().isEmpty();
    }

    private static String name(LoopState column) {
        if (column instanceof Text(String name)) {
            return name;
        }
        throw new IllegalArgumentException(
                "CsvLogger: a column is %s, needs to be a text".formatted(column));
    }

    private void open() {
        if (!file.isOpen()) {
            file.open(CsvLogger::create);
        }
        writeHyperparameters();
    }

    private static LogFile create(Path folder) throws IOException {
        var path = folder.resolve(METRICS);
        try {
            return LogFile.create(OWNER, path);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(
                    "CsvLogger: %s is there already, with %d bytes; choose another version, or load the state of the run that wrote it"
                            .formatted(path, Files.size(path)),
                    e);
        }
    }

    private void writeHyperparameters() {
        if (hyperparametersDue && file.isOpen()) {
            var path = file.path().resolveSibling(HYPERPARAMETERS);
            var text = PlainJson.write(hyperparameters);
            file.onDisk(() ->
                    DurableFile.write(
                            path, out -> out.write(text.getBytes(UTF_8)), Long.MAX_VALUE));
            hyperparametersDue = false;
        }
    }
}
