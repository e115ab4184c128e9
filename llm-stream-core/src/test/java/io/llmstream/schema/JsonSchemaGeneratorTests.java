/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.llmstream.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonSchemaGenerator}.
 */
class JsonSchemaGeneratorTests {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static void assertSchema(Type type, String expected) {
		assertThat(MAPPER.readTree(JsonSchemaGenerator.create().schema(type).toString()))
			.isEqualTo(MAPPER.readTree(expected.replace('\'', '"')));
	}

	private static void assertStrict(Type type, String expected) {
		assertThat(JsonSchemaGenerator.strict().schema(type)).isEqualTo(MAPPER.readTree(expected.replace('\'', '"')));
	}

	private static Type type(TypeReference<?> reference) {
		return reference.getType();
	}

	@Test
	void aRecordIsAnObjectOfWhichAllIsRequiredThatMayNotBeNull() {
		assertSchema(Person.class, """
				{'type':'object','properties':{
				  'name':{'type':'string','description':'How to call them'},
				  'age':{'type':'integer'},
				  'nick':{'type':'string'},
				  'size':{'type':'number'},
				  'lucky':{'type':'integer'}},
				 'required':['name','age'],'additionalProperties':false,'description':'Somebody'}""");
	}

	@Test
	void inStrictModeAllIsRequiredAndWhatIsOptionalMayBeNull() {
		assertStrict(Person.class, """
				{'type':'object','properties':{
				  'name':{'type':'string','description':'How to call them'},
				  'age':{'type':'integer'},
				  'nick':{'type':['string','null']},
				  'size':{'type':['number','null']},
				  'lucky':{'type':['integer','null']}},
				 'required':['name','age','nick','size','lucky'],'additionalProperties':false,
				 'description':'Somebody'}""");
	}

	@Test
	void valuesHaveTheirTypesAndFormats() {
		assertSchema(Values.class, """
				{'type':'object','properties':{
				  'text':{'type':'string'},'flag':{'type':'boolean'},'whole':{'type':'integer'},
				  'part':{'type':'number'},'money':{'type':'number'},'letter':{'type':'string'},
				  'at':{'type':'string','format':'date-time'},'day':{'type':'string','format':'date'},
				  'local':{'type':'string',
				    'description':'An ISO 8601 date and time without a time zone, such as 2026-01-31T09:30:00'},
				  'takes':{'type':'string','format':'duration'},'id':{'type':'string','format':'uuid'},
				  'link':{'type':'string','format':'uri'},'bytes':{'type':'string','description':'Base64'},
				  'any':{}},
				 'required':['text','flag','whole','part','money','letter','at','day','local','takes','id','link',
				  'bytes','any'],'additionalProperties':false}""");
	}

	@Test
	void enumsAreTheirNamesInJson() {
		assertSchema(Enums.class, """
				{'type':'object','properties':{
				  'colour':{'type':'string','enum':['red','GREEN']},
				  'level':{'enum':[1,2]},
				  'maybe':{'type':'string','enum':['red','GREEN']}},
				 'required':['colour','level'],'additionalProperties':false}""");
		assertThat(JsonSchemaGenerator.strict().schema(Enums.class).at("/properties/maybe").toString())
			.isEqualTo("{\"type\":[\"string\",\"null\"],\"enum\":[\"red\",\"GREEN\",null]}");
	}

	@Test
	void collectionsArraysAndMapsHaveElements() {
		assertSchema(Containers.class, """
				{'type':'object','properties':{
				  'list':{'type':'array','items':{'type':'string'}},
				  'set':{'type':'array','items':{'type':'integer'},'uniqueItems':true},
				  'array':{'type':'array','items':{'type':'array','items':{'type':'integer'}}},
				  'map':{'type':'object','additionalProperties':{'type':'array','items':{'type':'number'}}},
				  'byColour':{'type':'object','propertyNames':{'enum':['red','GREEN']},
				    'additionalProperties':{'type':'integer'}},
				  'point':{'type':'object','properties':{'x':{'type':'integer'},'y':{'type':'integer'}},
				    'required':['x','y'],'additionalProperties':false}},
				 'required':['list','set','array','map','byColour','point'],'additionalProperties':false}""");
	}

	@Test
	void genericTypesAreResolved() {
		assertSchema(type(new TypeReference<Page<Point>>() {
		}), """
				{'type':'object','properties':{'items':{'type':'array','items':{'type':'object',
				  'properties':{'x':{'type':'integer'},'y':{'type':'integer'}},'required':['x','y'],
				  'additionalProperties':false}},'next':{'type':'string'}},
				 'required':['items','next'],'additionalProperties':false}""");
		assertSchema(type(new TypeReference<List<String>>() {
		}), "{'type':'array','items':{'type':'string'}}");
	}

	@Test
	void constraintsBecomeKeywords() {
		assertSchema(Constrained.class,
				"""
						{'type':'object','properties':{
						  'name':{'type':'string','minLength':2,'maxLength':20},
						  'blank':{'type':'string','minLength':1,'pattern':'\\\\S'},
						  'age':{'type':'integer','minimum':0,'maximum':150},
						  'price':{'type':'number','exclusiveMinimum':0,'maximum':99.5},
						  'rate':{'type':'number','minimum':0.5},
						  'zip':{'type':'string','pattern':'^(?:[0-9]{5})$'},
						  'mail':{'type':'string','format':'email'},
						  'tags':{'type':'array','items':{'type':'string','minLength':1,'maxLength':9},'minItems':1,'maxItems':3},
						  'map':{'type':'object','additionalProperties':{'type':'integer','exclusiveMinimum':0},
						    'minProperties':1}},
						 'required':['name','blank','age','price','rate','zip','mail','tags','map'],
						 'additionalProperties':false}""");
	}

	@Test
	void strictModeLeavesOutWhatItDoesNotKnow() {
		assertStrict(Sized.class, """
				{'type':'object','properties':{'name':{'type':'string'},
				  'tags':{'type':'array','items':{'type':'string','pattern':'\\\\S'},'minItems':1}},
				 'required':['name','tags'],'additionalProperties':false}""");
	}

	@Test
	void aTypeThatContainsItselfIsADefinition() {
		assertSchema(Tree.class, """
				{'type':'object','properties':{'value':{'type':'string'},
				  'children':{'type':'array','items':{'$ref':'#/$defs/Tree'}}},
				 'required':['value','children'],'additionalProperties':false,
				 '$defs':{'Tree':{'type':'object','properties':{'value':{'type':'string'},
				  'children':{'type':'array','items':{'$ref':'#/$defs/Tree'}}},
				 'required':['value','children'],'additionalProperties':false}}}""");
		assertSchema(Forest.class, """
				{'type':'object','properties':{'first':{'$ref':'#/$defs/Tree','description':'The oldest'},
				  'second':{'$ref':'#/$defs/Tree'}},
				 'required':['first'],'additionalProperties':false,
				 '$defs':{'Tree':{'type':'object','properties':{'value':{'type':'string'},
				  'children':{'type':'array','items':{'$ref':'#/$defs/Tree'}}},
				 'required':['value','children'],'additionalProperties':false}}}""");
		assertThat(JsonSchemaGenerator.strict().schema(Forest.class).at("/properties/second").toString())
			.isEqualTo("{\"anyOf\":[{\"$ref\":\"#/$defs/Tree\"},{\"type\":\"null\"}]}");
		assertThat(JsonSchemaGenerator.strict().schema(Forest.class).at("/properties/first").toString())
			.isEqualTo("{\"anyOf\":[{\"$ref\":\"#/$defs/Tree\"}],\"description\":\"The oldest\"}");
	}

	@Test
	void beansHaveTheNamesThatJacksonGivesThem() {
		assertSchema(Bean.class, """
				{'type':'object','properties':{'count':{'type':'integer'},
				  'given_name':{'type':'string','description':'The first name'}},
				 'required':['count','given_name'],'additionalProperties':false}""");
	}

	@Test
	void nullabilityOfAnyLibraryCounts() {
		assertSchema(Legacy.class, """
				{'type':'object','properties':{'a':{'type':'string'},'b':{'type':'string'}},
				 'required':['a'],'additionalProperties':false}""");
	}

	@Test
	void subtypesAreAlternativesThatSayFirstWhatTheyAre() {
		String shapes = """
				{'type':'object','properties':{'shapes':{'type':'array','items':{'anyOf':[
				  {'type':'object','properties':{'kind':{'type':'string','enum':['circle']},
				    'radius':{'type':'number'}},'required':['kind','radius'],'additionalProperties':false},
				  {'type':'object','properties':{'kind':{'type':'string','enum':['square']},
				    'side':{'type':'number'}},'required':['kind','side'],'additionalProperties':false,
				    'description':'All sides alike'}]}}},
				 'required':['shapes'],'additionalProperties':false}""";
		assertSchema(Shapes.class, shapes);
		assertStrict(Shapes.class, shapes);
		assertThat(JsonSchemaGenerator.create().schema(Shape.class).at("/anyOf/0/properties").propertyNames())
			.containsExactly("kind", "radius");
	}

	@Test
	void subtypesOfASealedTypeNeedNotBeNamed() {
		assertSchema(Event.class, """
				{'anyOf':[
				  {'type':'object','properties':{'@type':{'type':'string','enum':['Closed']}},
				    'required':['@type'],'additionalProperties':false},
				  {'type':'object','properties':{'@type':{'type':'string','enum':['opened']},
				    'by':{'type':'string'}},'required':['@type','by'],'additionalProperties':false}],
				 'description':'What happened'}""");
	}

	@Test
	void oneSubtypeStandsAlone() {
		assertSchema(Circle.class, """
				{'type':'object','properties':{'kind':{'type':'string','enum':['circle']},
				  'radius':{'type':'number'}},'required':['kind','radius'],'additionalProperties':false}""");
	}

	@Test
	void whatMayBeNullIsOneMoreAlternative() {
		assertStrict(Drawing.class, """
				{'type':'object','properties':{'frame':{'anyOf':[
				  {'type':'object','properties':{'kind':{'type':'string','enum':['circle']},
				    'radius':{'type':'number'}},'required':['kind','radius'],'additionalProperties':false},
				  {'type':'object','properties':{'kind':{'type':'string','enum':['square']},
				    'side':{'type':'number'}},'required':['kind','side'],'additionalProperties':false,
				    'description':'All sides alike'},
				  {'type':'null'}]}},
				 'required':['frame'],'additionalProperties':false}""");
	}

	@Test
	void subtypesThatContainEachOtherAreADefinition() {
		assertSchema(Expression.class, """
				{'anyOf':[
				  {'type':'object','properties':{'op':{'type':'string','enum':['number']},
				    'value':{'type':'integer'}},'required':['op','value'],'additionalProperties':false},
				  {'type':'object','properties':{'op':{'type':'string','enum':['sum']},
				    'left':{'$ref':'#/$defs/Expression'},'right':{'$ref':'#/$defs/Expression'}},
				    'required':['op','left','right'],'additionalProperties':false}],
				 '$defs':{'Expression':{'anyOf':[
				  {'type':'object','properties':{'op':{'type':'string','enum':['number']},
				    'value':{'type':'integer'}},'required':['op','value'],'additionalProperties':false},
				  {'type':'object','properties':{'op':{'type':'string','enum':['sum']},
				    'left':{'$ref':'#/$defs/Expression'},'right':{'$ref':'#/$defs/Expression'}},
				    'required':['op','left','right'],'additionalProperties':false}]}}}""");
	}

	@Test
	void subtypesThatCannotBeDescribedAreNamedWithWhatToChange() {
		assertNoSchema(Sealed.class, "Sealed is a type that has no properties of its own (" + Sealed.class.getName()
				+ "), which a JSON schema cannot describe; tell its subtypes apart with @JsonTypeInfo");
		assertNoSchema(ByClass.class, "ByClass is a " + ByClass.class.getName() + ", whose subtypes are told apart by"
				+ " CLASS; tell them apart by name");
		assertNoSchema(Around.class, "whose subtypes are named by a WRAPPER_OBJECT; name them by a property");
		assertNoSchema(Unknown.class, "whose subtypes are not known; name them with @JsonSubTypes");
	}

	private static void assertNoSchema(Class<?> type, String message) {
		assertThatExceptionOfType(SchemaException.class).isThrownBy(() -> JsonSchemaGenerator.create().schema(type))
			.withMessageContaining(message);
	}

	@Test
	void theClassesOfASchemaAreThoseOfItsObjects() {
		assertThat(JsonSchemaGenerator.create().classes(Shapes.class)).containsExactlyInAnyOrder(Shapes.class,
				Circle.class, Square.class);
		assertThat(JsonSchemaGenerator.create().classes(String.class)).isEmpty();
	}

	@Test
	void aLookTellsWhatSurelyHasASchema() {
		for (Type sure : List.of(String.class, int.class, byte[].class, Person.class, Tree.class,
				type(new TypeReference<List<Person>>() {
				}), type(new TypeReference<Map<String, int[]>>() {
				}), type(new TypeReference<Optional<LocalDate>>() {
				}))) {
			assertThat(JsonSchemaGenerator.surelyDescribes(sure)).as(sure.getTypeName()).isTrue();
			assertThat(JsonSchemaGenerator.create().schema(sure)).isNotEmpty();
		}
		for (Type unsure : List.of(Object.class, Bean.class, Shapes.class, Circle.class, Holder.class, Runnable.class,
				type(new TypeReference<Map<Person, String>>() {
				}))) {
			assertThat(JsonSchemaGenerator.surelyDescribes(unsure)).as(unsure.getTypeName()).isFalse();
		}
	}

	@Test
	void whatHasNoSchemaIsNamedWithItsPlace() {
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Holder.class))
			.withMessageContaining("Holder.things[].task")
			.withMessageContaining("java.lang.Runnable");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.strict().schema(Containers.class))
			.withMessageContaining("Containers.map is a Map");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.strict().schema(Values.class))
			.withMessageContaining("Values.any is a property of any type");
	}

	@Description("Somebody")
	@NullMarked
	record Person(@Description("How to call them") String name, int age, @Nullable String nick, Optional<Double> size,
			OptionalInt lucky) {
	}

	record Values(String text, boolean flag, long whole, Float part, BigDecimal money, char letter, Instant at,
			LocalDate day, LocalDateTime local, Duration takes, UUID id, URI link, byte[] bytes, Object any) {
	}

	enum Colour {

		@JsonProperty("red")
		RED, GREEN

	}

	enum Level {

		LOW(1), HIGH(2);

		private final int number;

		Level(int number) {
			this.number = number;
		}

		@JsonValue
		int number() {
			return this.number;
		}

	}

	@NullMarked
	record Enums(Colour colour, Level level, @Nullable Colour maybe) {
	}

	record Point(int x, int y) {
	}

	record Containers(List<String> list, Set<Integer> set, int[][] array, Map<String, List<Double>> map,
			Map<Colour, Integer> byColour, Point point) {
	}

	record Page<T>(List<T> items, String next) {
	}

	record Constrained(@Size(min = 2, max = 20) String name, @NotBlank String blank, @Min(0) @Max(150) int age,
			@Positive @DecimalMax("99.5") BigDecimal price, @DecimalMin("0.5") double rate,
			@Pattern(regexp = "[0-9]{5}") String zip, @Email String mail,
			@Size(min = 1, max = 3) List<@Size(min = 1, max = 9) String> tags,
			@NotEmpty Map<String, @Positive Integer> map) {
	}

	record Sized(@Size(min = 2) String name, @NotEmpty List<@NotBlank String> tags) {
	}

	record Tree(String value, List<Tree> children) {
	}

	@NullMarked
	record Forest(@Description("The oldest") Tree first, @Nullable Tree second) {
	}

	static class Bean {

		private String name = "";

		private int count;

		@JsonProperty("given_name")
		@JsonPropertyDescription("The first name")
		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		public int getCount() {
			return this.count;
		}

		public void setCount(int count) {
			this.count = count;
		}

		@JsonIgnore
		public String getSecret() {
			return "";
		}

		public void setSecret(String secret) {
		}

	}

	record Legacy(String a, @OldNullable.Nullable String b) {
	}

	/**
	 * As libraries had it before JSpecify.
	 */
	static final class OldNullable {

		private OldNullable() {
		}

		@Retention(RetentionPolicy.RUNTIME)
		@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD })
		@interface Nullable {

		}

	}

	record Holder(List<Thing> things) {
	}

	record Thing(Runnable task) {
	}

	record Shapes(List<Shape> shapes) {
	}

	record Drawing(@Nullable Shape frame) {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes({ @JsonSubTypes.Type(name = "square", value = Square.class),
			@JsonSubTypes.Type(name = "circle", value = Circle.class) })
	interface Shape {

	}

	record Circle(double radius) implements Shape {
	}

	@Description("All sides alike")
	record Square(double side) implements Shape {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	@Description("What happened")
	sealed interface Event {

	}

	@JsonTypeName("opened")
	record Opened(String by) implements Event {
	}

	record Closed() implements Event {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "op",
			visible = true)
	@JsonSubTypes({ @JsonSubTypes.Type(name = "sum", value = Sum.class),
			@JsonSubTypes.Type(name = "number", value = Amount.class) })
	sealed interface Expression {

	}

	record Sum(String op, Expression left, Expression right) implements Expression {
	}

	record Amount(String op, int value) implements Expression {
	}

	sealed interface Sealed {

	}

	record OnlyOne(String text) implements Sealed {
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface ByClass {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
	interface Around {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	interface Unknown {

	}

}
