package loops.core.logger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionFolderTest {
    @TempDir private Path parent;

    @Test
    void noTwoRunsThatStartAtOnceHaveTheSameVersion() throws Exception {
        var versions = new VersionFolder(parent.resolve("runs"));
        Callable<Long> claim = () -> versions.claim(OptionalLong.empty());
        var claimed = new ArrayList<Long>();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Long> one :
                    threads.invokeAll(LongStream.range(0, 20).mapToObj(i -> claim).toList())) {
                claimed.add(one.get());
            }
        }

        assertEquals(LongStream.range(0, 20).boxed().toList(), claimed.stream().sorted().toList());
    }

    @Test
    void aChosenVersionIsTakenEvenIfItsFolderIsThere() throws IOException {
        Files.createDirectory(parent.resolve("version_3"));

        assertEquals(3, new VersionFolder(parent).claim(OptionalLong.of(3)));
        assertEquals(4, new VersionFolder(parent).claim(OptionalLong.empty()));
    }
}
