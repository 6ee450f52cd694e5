package hl7flow;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.preparser.PreParser;
import ca.uhn.hl7v2.util.ReadOnlyMessageIterator;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.util.Iterator;

/** The ways in which HAPI's users read a few values of a message. */
interface Reader {
  int VALUES = 24;

  /** Field and component, both from 1, of the values in each of the four segments. */
  int[][] MSH = {{3, 1}, {4, 1}, {5, 1}, {6, 1}, {7, 1}, {9, 1}, {9, 2}, {10, 1}, {12, 1}};
  int[][] PID = {{3, 1}, {5, 1}, {5, 2}, {7, 1}, {8, 1}, {11, 1}, {11, 3}};
  int[][] PV1 = {{2, 1}, {3, 1}, {19, 1}};
  int[][] OBX = {{2, 1}, {3, 1}, {5, 1}, {6, 1}, {11, 1}};

  /** Fills `values`; null or "" where the message has none. */
  void read(String message, String[] values) throws HL7Exception;

  static Reader named(String name) {
    return switch (name) {
      case "generic" -> segments(new GenericModelClassFactory());
      case "typed" -> segments(new DefaultModelClassFactory());
      case "terser" -> terser(new DefaultModelClassFactory());
      case "preparser" -> preparser();
      default -> throw new IllegalArgumentException("no reader " + name);
    };
  }

  private static PipeParser parser(ModelClassFactory model) {
    HapiContext context = new DefaultHapiContext();
    context.setValidationContext(ValidationContextFactory.noValidation());
    context.setModelClassFactory(model);
    context.getParserConfiguration().setValidating(false);
    context.getParserConfiguration().setAllowUnknownVersions(true);
    context.getParserConfiguration().setDefaultObx2Type("ST");
    context.getParserConfiguration().setInvalidObx2Type("ST");
    return context.getPipeParser();
  }

  /** Parses, finds the four segments in one walk over the message, and reads by number. */
  private static Reader segments(ModelClassFactory model) {
    PipeParser parser = parser(model);
    return (text, values) -> {
      Segment header = null;
      Segment patient = null;
      Segment visit = null;
      Segment result = null;
      Iterator<Structure> all =
          ReadOnlyMessageIterator.createPopulatedSegmentIterator(parser.parse(text));
      while (all.hasNext()) {
        Segment segment = (Segment) all.next();
        switch (segment.getName()) {
          case "MSH" -> header = header == null ? segment : header;
          case "PID" -> patient = patient == null ? segment : patient;
          case "PV1" -> visit = visit == null ? segment : visit;
          case "OBX" -> result = result == null ? segment : result;
          default -> { }
        }
      }
      int at = take(header, MSH, values, 0);
      at = take(patient, PID, values, at);
      at = take(visit, PV1, values, at);
      take(result, OBX, values, at);
    };
  }

  private static int take(Segment segment, int[][] places, String[] values, int at)
      throws HL7Exception {
    for (int[] place : places)
      values[at++] = segment == null ? null : Terser.get(segment, place[0], 0, place[1], 1);
    return at;
  }

  private static String[] paths(String prefix) {
    String[] paths = new String[VALUES];
    int at = 0;
    for (int[] place : MSH) paths[at++] = prefix + "MSH-" + place[0] + "-" + place[1];
    for (int[] place : PID) paths[at++] = prefix + "PID-" + place[0] + "-" + place[1];
    for (int[] place : PV1) paths[at++] = prefix + "PV1-" + place[0] + "-" + place[1];
    for (int[] place : OBX) paths[at++] = prefix + "OBX-" + place[0] + "-" + place[1];
    return paths;
  }

  /** The documented way: one Terser a message, one path a value. */
  private static Reader terser(ModelClassFactory model) {
    PipeParser parser = parser(model);
    String[] paths = paths("/.");
    return (text, values) -> {
      Message message = parser.parse(text);
      Terser terser = new Terser(message);
      for (int i = 0; i < VALUES; ++i) {
        try {
          values[i] = terser.get(paths[i]);
        } catch (HL7Exception absent) {  // how HAPI says that the structure has no such segment
          values[i] = null;
        }
      }
    };
  }

  /** HAPI's own short cut: reads fields out of the text and builds no message. */
  private static Reader preparser() {
    String[] paths = paths("");
    return (text, values) -> System.arraycopy(PreParser.getFields(text, paths), 0, values, 0, VALUES);
  }
}
