package loops.stats;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class ConfidenceIntervalPropertyTest {
    @Property
    boolean moreConfidenceNeedsAWiderInterval(
            @ForAll @Size(min = 2, max = 20) List<@DoubleRange(min = -100, max = 100) Double> list,
            @ForAll @DoubleRange(min = 0.01, max = 0.9) double confidence) {
        var values = list.stream().mapToDouble(Double::doubleValue).toArray();

        var narrow = ConfidenceInterval.of(confidence, values);
        var wide = ConfidenceInterval.of(confidence + 0.05, values);

        return wide.halfWidth() > narrow.halfWidth()
                || (wide.halfWidth() == 0 && narrow.halfWidth() == 0);
    }
}
