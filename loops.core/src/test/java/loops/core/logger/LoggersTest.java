package loops.core.logger;

import static loops.core.logger.Rows.row;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import loops.api.LoopState.Fields;
import loops.core.logger.Logger.Ending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggersTest {
    private final List<String> told = new ArrayList<>();

    /// Writes down what it is told, and can fail at the end.
    private final class Noted implements Logger {
        private final String name;
        private final Optional<RuntimeException> atEnd;
        private long state;

        Noted(String name, Optional<RuntimeException> atEnd) {
            this.name = name;
            this.atEnd = atEnd;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void log(SequencedMap<String, Double> metrics, long step) {
            told.add(name + " log " + metrics + " " + step);
        }

        @Override
        public void hyperparameters(Fields values) {
            told.add(name + " hyperparameters " + values);
        }

        @Override
        public void flush() {
            told.add(name + " flush");
        }

        @Override
        public void checkpointSaved(Path checkpoint) {
            told.add(name + " checkpointSaved " + checkpoint);
        }

        @Override
        public void finish(Ending ending) {
            told.add(name + " finish " + ending);
            atEnd.ifPresent(e -> {
                throw e;
            });
        }

        @Override
        public Fields stateDict() {
            return Fields.empty().with("state", state);
        }

        @Override
        public void loadStateDict(Fields saved) {
            state = saved.num("state");
        }
    }

    private Noted noted(String name) {
        return new Noted(name, Optional.empty());
    }

    @Test
    void eachIsToldEverythingInTheirOrder() {
        var group = Loggers.of(List.of(noted("a"), noted("b")));

        group.hyperparameters(Fields.empty().with("rate", 0.5));
        group.log(row("loss", 1), 3);
        group.flush();
        group.checkpointSaved(Path.of("checkpoint-000001"));
        group.finish(Ending.SUCCESS);

        assertEquals(
                List.of(
                        "a hyperparameters {rate=0.5}",
                        "b hyperparameters {rate=0.5}",
                        "a log {loss=1.0} 3",
                        "b log {loss=1.0} 3",
                        "a flush",
                        "b flush",
                        "a checkpointSaved checkpoint-000001",
                        "b checkpointSaved checkpoint-000001",
                        "a finish SUCCESS",
                        "b finish SUCCESS"),
                told);
        assertEquals("a, b", group.name());
        assertEquals(2, group.members().size());
    }

    @Test
    void allAreFinishedEvenIfSomeThrow() {
        var first = new IllegalStateException("a");
        var second = new IllegalStateException("c");
        var group =
                Loggers.of(
                        List.of(
                                new Noted("a", Optional.of(first)),
                                noted("b"),
                                new Noted("c", Optional.of(second)),
                                noted("d")));

        var thrown = assertThrows(IllegalStateException.class, () -> group.finish(Ending.FAILED));

        assertSame(first, thrown);
        assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
        assertEquals(
                List.of("a finish FAILED", "b finish FAILED", "c finish FAILED", "d finish FAILED"),
                told);
    }

    @Test
    void theStateHasThatOfEach() {
        var one = noted("a");
        var two = noted("b");
        one.state = 1;
        two.state = 2;

        var state = Loggers.of(List.of(one, two)).stateDict();
        var first = noted("a");
        var second = noted("b");
        Loggers.of(List.of(second, first)).loadStateDict(state);

        assertEquals(
                Fields.of("Noted a", Fields.empty().with("state", 1))
                        .with("Noted b", Fields.empty().with("state", 2)),
                state);
        assertEquals(1, first.state);
        assertEquals(2, second.state);
    }

    @Test
    void aStateOfOtherLoggersIsRefused() {
        var group = Loggers.of(List.of(noted("a")));

        var refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> group.loadStateDict(Fields.of("Noted b", Fields.empty())));

        assertEquals(
                "Loggers: the state has the keys [Noted b], needs [Noted a];"
                        + " load a state that this class gave",
                refused.getMessage());
    }

    @Test
    void twoOfOneStateKeyAreRefused(@TempDir Path root) {
        var one = CsvLogger.of(root, config -> config.version(3));
        var two = CsvLogger.of(root.resolve("other"));

        var refused =
                assertThrows(IllegalArgumentException.class, () -> Loggers.of(List.of(one, two)));

        assertEquals(
                "Loggers.of: two loggers have the state key 'CsvLogger loops':"
                        + " one in %s and one without a folder; give one of them another name"
                                .formatted(root.resolve("loops").resolve("version_3")),
                refused.getMessage());
    }

    @Test
    void itsFolderIsTheFirstThatOneHas(@TempDir Path root) {
        var csv = CsvLogger.of(root, config -> config.version(3));

        assertEquals(csv.folder(), Loggers.of(List.of(MemoryLogger.of(), csv)).folder());
        assertEquals(Optional.empty(), Loggers.of(List.of()).folder());
    }

    @Test
    void tablesAndEventsMayShareAVersion(@TempDir Path root) {
        var group =
                Loggers.of(
                        List.of(
                                CsvLogger.of(root, config -> config.version(3)),
                                TensorBoardLogger.of(root, config -> config.version(3))));

        group.log(row("loss", 1), 1);

        assertEquals(Optional.of(root.resolve("loops/version_3")), group.folder());
    }
}
