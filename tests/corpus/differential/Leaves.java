import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.ExtraComponents;
import ca.uhn.hl7v2.model.Primitive;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.Varies;
import ca.uhn.hl7v2.parser.EncodingCharacters;
import ca.uhn.hl7v2.parser.Escaping;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.ReadOnlyMessageIterator;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What HAPI reads in messages, value by value. Each line of stdin is a message, in Base64 of its
 * UTF-8; each line of stdout its values that are not empty, likewise: lines of
 * `PID[1]-3(2).1.1 TAB text`, where a line break in the text is U+2028. A message that HAPI refuses
 * is a line `! reason`.
 */
public final class Leaves {
  /** Values as sent: what escapes mean is compared elsewhere. */
  private static final class AsSent implements Escaping {
    @Override public String escape(String text, EncodingCharacters characters) { return text; }
    @Override public String unescape(String text, EncodingCharacters characters) { return text; }
  }

  private final StringBuilder out = new StringBuilder();

  private void value(String place, int component, int subcomponent, Type type) {
    String text = ((Primitive) type).getValue();
    if (text == null || text.isEmpty()) return;
    out.append(place).append(component).append('.').append(subcomponent).append('\t');
    out.append(text.replace('\n', '\u2028')).append('\n');
  }

  /** A type's parts: its own and, where the message has more than its type, the extra ones. */
  private static List<Type> parts(Type type) {
    List<Type> parts = new ArrayList<>();
    if (type instanceof Varies varies) return parts(varies.getData());
    if (type instanceof Composite composite) parts.addAll(List.of(composite.getComponents()));
    else parts.add(type);
    ExtraComponents extra = type.getExtraComponents();
    for (int i = 0; i < extra.numComponents(); ++i) parts.add(extra.getComponent(i));
    return parts;
  }

  private void component(String place, int number, Type type) {
    int subcomponent = 0;
    for (Type part : parts(type)) {
      ++subcomponent;
      while (part instanceof Varies varies) part = varies.getData();
      if (part instanceof Composite) part = parts(part).get(0);
      value(place, number, subcomponent, part);
    }
  }

  private void segment(String name, Segment segment) throws HL7Exception {
    for (int field = 1; field <= segment.numFields(); ++field) {
      Type[] repetitions = segment.getField(field);
      for (int r = 0; r < repetitions.length; ++r) {
        String place = name + '-' + field + '(' + (r + 1) + ").";
        int component = 0;
        for (Type part : parts(repetitions[r])) component(place, ++component, part);
      }
    }
  }

  private String read(PipeParser parser, String text) throws HL7Exception {
    out.setLength(0);
    Map<String, Integer> occurrences = new HashMap<>();
    Iterator<Structure> all =
        ReadOnlyMessageIterator.createPopulatedSegmentIterator(parser.parse(text));
    while (all.hasNext()) {
      Segment segment = (Segment) all.next();
      int occurrence = occurrences.merge(segment.getName(), 1, Integer::sum);
      segment(segment.getName() + '[' + occurrence + ']', segment);
    }
    return out.toString();
  }

  public static void main(String[] arguments) throws Exception {
    HapiContext context = new DefaultHapiContext();
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.setModelClassFactory(new GenericModelClassFactory());
    context.getParserConfiguration().setValidating(false);
    context.getParserConfiguration().setAllowUnknownVersions(true);
    context.getParserConfiguration().setDefaultObx2Type("ST");
    context.getParserConfiguration().setInvalidObx2Type("ST");
    context.getParserConfiguration().setEscaping(new AsSent());
    PipeParser parser = context.getPipeParser();
    Leaves leaves = new Leaves();
    PrintStream answers = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    BufferedReader messages = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = messages.readLine()) != null;) {
      String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
      try {
        String values = leaves.read(parser, text);
        answers.println(
            Base64.getEncoder().encodeToString(values.getBytes(StandardCharsets.UTF_8)));
      } catch (HL7Exception | RuntimeException refused) {
        answers.println("! " + refused.toString().replaceAll("\\s+", " "));
      }
    }
    answers.flush();
  }
}
