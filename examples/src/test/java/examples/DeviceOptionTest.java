package examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import tensor.api.Device;

/// Every example has the option `--device`, and computes there.
class DeviceOptionTest {
    @Command(name = "where")
    private static final class Where implements Example {
        private final List<String> seen = new ArrayList<>();

        @Override
        public Integer call() {
            seen.add(Device.current().name());
            return 0;
        }
    }

    @Test
    void anExampleComputesOnTheDeviceThatIsNamed() {
        var where = new Where();
        var commands = Main.commands();
        Objects.requireNonNull(commands.getSubcommands().get("run")).addSubcommand(where);

        assertEquals(0, commands.execute("run", "where", "--device=reference"));
        assertEquals(0, commands.execute("run", "where"));

        assertEquals(List.of("reference", "cpu"), where.seen);
    }
}
