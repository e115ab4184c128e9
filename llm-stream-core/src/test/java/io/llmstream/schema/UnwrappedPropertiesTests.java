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

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.validation.constraints.Max;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonSchemaGenerator} with properties that Jackson unwraps.
 */
class UnwrappedPropertiesTests {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private static void assertSchema(Class<?> type, String expected) {
		assertThat(MAPPER.readTree(JsonSchemaGenerator.create().schema(type).toString()))
			.isEqualTo(MAPPER.readTree(expected.replace('\'', '"')));
	}

	private static <T> T read(Class<T> type, String json) {
		return MAPPER.readValue(json.replace('\'', '"'), type);
	}

	@Test
	void propertiesOfAnUnwrappedRecordStandInTheObjectAroundIt() {
		assertSchema(Order.class, """
				{'type':'object','properties':{
				  'id':{'type':'string'},'note':{'type':'string'},
				  'street':{'type':'string'},'city':{'type':'string'},
				  'floor':{'type':'integer','maximum':99}},
				 'required':['id','note','street','city'],'additionalProperties':false}""");
		assertThat(read(Order.class, "{'id':'o1','street':'High St','city':'Rome','floor':2,'note':'ring'}"))
			.isEqualTo(new Order("o1", new Address("High St", "Rome", 2), "ring"));
	}

	@Test
	void theyHaveThePrefixesAndSuffixesOfAllThatIsAroundThem() {
		assertSchema(Trip.class, """
				{'type':'object','properties':{
				  'from_name':{'type':'string'},'from_at_lat':{'type':'number'},'from_at_lon':{'type':'number'},
				  'name_to':{'type':'string'},'at_lat_to':{'type':'number'},'at_lon_to':{'type':'number'}},
				 'required':['from_name','from_at_lat','from_at_lon'],'additionalProperties':false}""");
		Trip trip = read(Trip.class,
				"{'from_name':'A','from_at_lat':1,'from_at_lon':2," + "'name_to':'B','at_lat_to':3,'at_lon_to':4}");
		assertThat(MAPPER.readTree(MAPPER.writeValueAsString(trip))).isEqualTo(MAPPER.readTree(
				"""
						{"from_name":"A","from_at_lat":1.0,"from_at_lon":2.0,"name_to":"B","at_lat_to":3.0,"at_lon_to":4.0}"""));
	}

	@Test
	void inStrictModeWhatIsUnwrappedOfAnOptionalPropertyMayBeNull() {
		assertThat(JsonSchemaGenerator.strict().schema(Trip.class).at("/properties/at_lat_to/type").toString())
			.isEqualTo("[\"number\",\"null\"]");
		assertThat(JsonSchemaGenerator.strict().schema(Trip.class).get("required")).hasSize(6);
	}

	@Test
	void anUnwrappedTypeMayContainItself() {
		assertSchema(Tree.class, """
				{'type':'object','properties':{
				  'label':{'type':'string'},
				  'children':{'type':'array','items':{'$ref':'#/$defs/Node'}}},
				 'required':['label','children'],'additionalProperties':false,
				 '$defs':{'Node':{'type':'object','properties':{
				  'label':{'type':'string'},
				  'children':{'type':'array','items':{'$ref':'#/$defs/Node'}}},
				 'required':['label','children'],'additionalProperties':false}}}""");
		assertThat(read(Tree.class, "{'label':'a','children':[{'label':'b','children':[]}]}").root.children).hasSize(1);
	}

	@Test
	void whatJacksonDoesNotUnwrapIsAPropertyLikeAnyOther() {
		assertSchema(Plain.class, """
				{'type':'object','properties':{
				  'text':{'type':'string'},'list':{'type':'array','items':{'type':'string'}},
				  'off':{'type':'object','properties':{'lat':{'type':'number'},'lon':{'type':'number'}},
				   'required':['lat','lon'],'additionalProperties':false}},
				 'required':['text','list','off'],'additionalProperties':false}""");
		Plain plain = read(Plain.class, "{'text':'a','list':['b'],'off':{'lat':1,'lon':2}}");
		assertThat(plain.text).isEqualTo("a");
		assertThat(plain.list).containsExactly("b");
		assertThat(plain.off.lat).isEqualTo(1);
	}

	@Test
	void propertiesOfAnUnwrappedRecordThatMayBeNullMayBeLeftOut() {
		assertSchema(Draft.class, """
				{'type':'object','properties':{
				  'id':{'type':'string'},'lat':{'type':'number'},'lon':{'type':'number'}},
				 'required':['id'],'additionalProperties':false}""");
		assertThat(read(Draft.class, "{'id':'d1','lat':3}").at).extracting("lat").isEqualTo(3.0);
	}

	@Test
	void whatCannotBeUnwrappedIsRefusedByItsName() {
		// Jackson unwraps no text, and knows the argument by no other name
		assertThat(read(Lost.class, "{'text':'a'}").text()).isNull();
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Lost.class))
			.withMessageContaining("Lost.text is unwrapped, but has no properties");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Paid.class))
			.withMessageContaining("Paid.means is an unwrapped type that has subtypes");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Payment.class))
			.withMessageContaining("Payment.means is an unwrapped type that has subtypes");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Endless.class))
			.withMessageContaining("Endless.self.self is unwrapped into itself");
		assertThatExceptionOfType(SchemaException.class)
			.isThrownBy(() -> JsonSchemaGenerator.create().schema(Clash.class))
			.withMessageContaining("Clash.there has two properties named lat");
	}

	record Address(String street, String city, @Nullable @Max(99) Integer floor) {
	}

	record Order(String id, @JsonUnwrapped Address address, String note) {
	}

	record Draft(String id, @JsonUnwrapped @Nullable Point at) {
	}

	record Lost(@JsonUnwrapped String text) {
	}

	record Paid(@JsonUnwrapped Means means) {
	}

	static class Point {

		public double lat;

		public double lon;

	}

	static class Stop {

		@JsonProperty
		String name = "";

		@JsonUnwrapped(prefix = "at_")
		public Point at = new Point();

	}

	static class Trip {

		@JsonUnwrapped(prefix = "from_")
		public Stop from = new Stop();

		@JsonUnwrapped(suffix = "_to")
		public @Nullable Stop to;

	}

	static class Node {

		public String label = "";

		public List<Node> children = List.of();

	}

	static class Tree {

		@JsonUnwrapped
		public Node root = new Node();

	}

	static class Plain {

		@JsonUnwrapped
		public String text = "";

		@JsonUnwrapped
		public List<String> list = List.of();

		@JsonUnwrapped(enabled = false)
		public Point off = new Point();

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes(@JsonSubTypes.Type(value = Card.class, name = "card"))
	interface Means {

	}

	record Card(String number) implements Means {
	}

	static class Payment {

		@JsonUnwrapped
		public @Nullable Means means;

	}

	static class Endless {

		@JsonUnwrapped(prefix = "a")
		public @Nullable Endless self;

	}

	static class Clash {

		@JsonUnwrapped
		public Point here = new Point();

		@JsonUnwrapped
		public Point there = new Point();

	}

}
