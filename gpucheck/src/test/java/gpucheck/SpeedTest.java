package gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedTest {
    private static final String DEVICE =
            "cuda  Fake, 81559 MB, memory of 2000 GB/s, compute capability 9.0, cuBLAS 13.0";
    private static final List<String> OURS =
            List.of(
                    "a + b, 67108864                                    0.5000 ms   1610.613 GB/s",
                    "product float32 1024                               0.0500 ms     42.950 TFLOP/s",
                    "product float32 1024, alone                        0.0490 ms     43.826 TFLOP/s",
                    "product float32 2048                               0.4000 ms     42.950 TFLOP/s",
                    "product bfloat16 1024                              0.0100 ms    214.748 TFLOP/s",
                    "product bfloat16 1024, alone                       0.0100 ms    214.748 TFLOP/s",
                    "product own 1024                                   0.1000 ms     21.475 TFLOP/s",
                    "product own-tf32 1024                              0.0900 ms     23.861 TFLOP/s",
                    "mlp 784-128-128-10, batch 128                      0.3000 ms",
                    "mlp 784-128-128-10, batch 128, captured            0.1000 ms",
                    "cnn 1-32-64, batch 128                             1.2000 ms",
                    "cnn 1-32-64, batch 128, captured                   0.9000 ms",
                    "bench device: 12 lines on cuda");
    private static final List<String> TORCH =
            List.of(
                    "a + b, 67108864                                    0.4500 ms",
                    "product float32 1024                               0.0480 ms",
                    "product float32 2048                               0.3900 ms",
                    "product bfloat16 1024                              0.0020 ms",
                    "mlp 784-128-128-10, batch 128                      0.2400 ms",
                    "cnn 1-32-64, batch 128                             1.3000 ms");

    @Test
    void eachTimeStandsBesideTorchsAndThePeakOfMemory() {
        List<String> table = speed(DEVICE, TORCH).table();

        assertEquals(12, table.size());
        assertEquals(
                "a + b, 67108864                                    0.5000 ms   1610.613 GB/s  0.81 of peak  torch       0.4500 ms  ratio 1.11",
                table.getFirst());
        assertEquals(
                "cnn 1-32-64, batch 128, captured                   0.9000 ms  torch       1.3000 ms  ratio 0.69",
                table.getLast());
    }

    @Test
    void eachTargetIsMetOrMissedByItsWorstCase() {
        assertEquals(
                List.of(
                        "target products through cuBLAS, of cuBLAS, at least 0.95: met, 0.96 (product float32 1024)",
                        "target our own float32 products, of cuBLAS, at least 0.60: missed, 0.48 (product own 1024)",
                        "target training steps, of PyTorch's, at least 1.00: missed, 0.80 (mlp 784-128-128-10, batch 128)",
                        "target captured steps of the MLPs, of PyTorch's, at least 1.50: met, 2.40 (mlp 784-128-128-10, batch 128, captured)"),
                lines(speed(DEVICE, TORCH).targets(true)));
    }

    @Test
    void aTargetWithoutItsOtherSideIsNotMeasured() {
        assertEquals(
                List.of(
                        "target products through cuBLAS, of cuBLAS, at least 0.95: not measured, the device has no cuBLAS",
                        "target our own float32 products, of cuBLAS, at least 0.60: not measured, the device has no cuBLAS",
                        "target training steps, of PyTorch's, at least 1.00: not measured, PyTorch's side has no times",
                        "target captured steps of the MLPs, of PyTorch's, at least 1.50: not measured, PyTorch's side has no times"),
                lines(speed("opencl  Fake", List.of()).targets(true)));
    }

    @Test
    void nothingIsJudgedAtTinySizes() {
        assertTrue(
                lines(speed(DEVICE, TORCH).targets(false)).stream()
                        .allMatch(line -> line.endsWith("not measured, the sizes are tiny")));
    }

    @Test
    void theReportHasRatesAndShares() {
        String json = speed(DEVICE, TORCH).timesJson();

        assertTrue(
                json.startsWith(
                        "    {\"name\": \"a + b, 67108864\", \"millis\": 0.5000, \"rate\": 1610.613, \"unit\": \"GB/s\", \"of_peak\": 0.8053, \"torch_millis\": 0.4500},\n"),
                json);
    }

    private static List<String> lines(List<Target> targets) {
        return targets.stream().map(Target::line).toList();
    }

    private static Speed speed(String device, List<String> torch) {
        return new Speed(timings(OURS), timings(torch), device);
    }

    private static Map<String, Timing> timings(List<String> lines) {
        Map<String, Timing> timings = new LinkedHashMap<>();
        lines.forEach(
                line -> Timing.of(line).ifPresent(timing -> timings.put(timing.name(), timing)));
        return timings;
    }
}
