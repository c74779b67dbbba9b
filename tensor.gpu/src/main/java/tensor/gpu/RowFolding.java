package tensor.gpu;

import java.util.List;
import tensor.layout.DType;
import tensor.spi.Step;

/// How rows are folded, as text: element `i` of a row belongs to lane `i mod n`, the elements of a lane are folded in
/// order, and the lanes in halves. So the bits are the same however it is done.
///
/// The names in the text: `row` and whether it `exists`, `lane`, the number of `lanes`, `length`, `i`, and `v7` for the
/// value of step 7.
sealed interface RowFolding {
    /// {@return how rows are folded on a kind of device}
    static RowFolding of(DeviceTraits.Kind kind) {
        return switch (kind) {
            case CPU -> new ByThread();
            case GPU -> new ByGroup();
        };
    }

    /// {@return how many threads a group has}
    int groupSize();

    /// {@return how many rows a group folds}
    int rowsOfGroup(int lanes);

    /// {@return lines that say which row and which lane a thread has}
    String head(List<DType> folded);

    /// {@return the head of a loop over the elements of a row}
    String loop();

    /// {@return what stands before the loop}
    String begin(int step, Step.Fold fold);

    /// {@return what stands in the loop}
    String add(int step, Step.Fold fold);

    /// {@return what stands behind the loop}
    String end(int step, Step.Fold fold);

    /// {@return the function that folds two elements}
    private static String pairwise(Step.Fold fold) {
        return "%s_%s".formatted(fold.op().pairwise().name(), fold.dtype().name());
    }

    /// A thread for each row: no one waits.
    record ByThread() implements RowFolding {
        private static final int GROUP = 16;

        @Override
        public int groupSize() {
            return GROUP;
        }

        @Override
        public int rowsOfGroup(int lanes) {
            return GROUP;
        }

        @Override
        public String head(List<DType> folded) {
            return """
            INT lane = 0;
            LONG row = ITEM_ID;
            if (row >= domain.count) {
            return;
            }
            INT exists = 1;
            """;
        }

        @Override
        public String loop() {
            return "for (LONG i = 0; i < length; i++) {\n";
        }

        @Override
        public String begin(int step, Step.Fold fold) {
            String type = fold.dtype().name();
            return """
            %1$s lanes_of_%2$d[%3$d];
            for (LONG each = 0; each < lanes; each++) {
            lanes_of_%2$d[each] = %4$s;
            }
            """
                    .formatted(
                            type,
                            step,
                            RowText.MOST_LANES,
                            RowText.neutral(fold.op(), fold.dtype()));
        }

        @Override
        public String add(int step, Step.Fold fold) {
            return "lanes_of_%1$d[i & (lanes - 1)] = %2$s(lanes_of_%1$d[i & (lanes - 1)], v%3$d);\n"
                    .formatted(step, pairwise(fold), fold.x());
        }

        @Override
        public String end(int step, Step.Fold fold) {
            return """
            for (LONG half_way = lanes / 2; half_way > 0; half_way /= 2) {
            for (LONG each = 0; each < half_way; each++) {
            lanes_of_%1$d[each] = %2$s(lanes_of_%1$d[each], lanes_of_%1$d[each + half_way]);
            }
            }
            %3$s v%1$d = lanes_of_%1$d[0];
            """
                    .formatted(step, pairwise(fold), fold.dtype().name());
        }
    }

    /// A thread for each lane; the threads of a row wait for each other.
    record ByGroup() implements RowFolding {
        @Override
        public int groupSize() {
            return RowText.MOST_LANES;
        }

        @Override
        public int rowsOfGroup(int lanes) {
            return RowText.MOST_LANES / lanes;
        }

        @Override
        public String head(List<DType> folded) {
            var text = new StringBuilder();
            for (DType dtype : folded) {
                text.append(
                        "SHARED %1$s of_%1$s[%2$d];\n".formatted(dtype.name(), RowText.MOST_LANES));
            }
            // a thread without a row goes on with the first, for others wait for it
            return text
                    + """
                    INT lane = LOCAL_ID & (INT)(lanes - 1);
                    LONG row = ITEM_ID / lanes;
                    INT exists = row < domain.count;
                    row = exists ? row : 0;
                    """;
        }

        @Override
        public String loop() {
            return "for (LONG i = lane; i < length; i += lanes) {\n";
        }

        @Override
        public String begin(int step, Step.Fold fold) {
            return "%s v%d = %s;\n"
                    .formatted(fold.dtype().name(), step, RowText.neutral(fold.op(), fold.dtype()));
        }

        @Override
        public String add(int step, Step.Fold fold) {
            return "v%1$d = %2$s(v%1$d, v%3$d);\n".formatted(step, pairwise(fold), fold.x());
        }

        @Override
        public String end(int step, Step.Fold fold) {
            return """
            of_%1$s[LOCAL_ID] = v%2$d;
            BARRIER();
            for (INT half_way = (INT)lanes / 2; half_way > 0; half_way /= 2) {
            if (lane < half_way) {
            of_%1$s[LOCAL_ID] = %3$s(of_%1$s[LOCAL_ID], of_%1$s[LOCAL_ID + half_way]);
            }
            BARRIER();
            }
            v%2$d = of_%1$s[LOCAL_ID - lane];
            BARRIER();
            """
                    .formatted(fold.dtype().name(), step, pairwise(fold));
        }
    }
}
