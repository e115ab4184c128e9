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

package io.llmstream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/**
 * Tests for the rooms: which package may know which.
 */
class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.llmstream");

	@Test
	void packagesAreFreeOfCycles() {
		check(SlicesRuleDefinition.slices().matching("io.llmstream.(**)").should().beFreeOfCycles());
	}

	@Test
	void dialectsDoNotKnowEachOther() {
		check(SlicesRuleDefinition.slices().matching("io.llmstream.provider.(*)..").should().notDependOnEachOther());
	}

	@Test
	void dialectsDoNoInputOutput() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAnyPackage("io.llmstream.provider..", "io.llmstream.wire..", "io.llmstream.json..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "org.reactivestreams..", "java.net.http..", "org.springframework.."));
	}

	@Test
	void theWireKnowsNoJson() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideInAPackage("io.llmstream.wire..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("tools.jackson..", "io.llmstream.json.."));
	}

	@Test
	void theHotPathReadsNoTrees() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.haveSimpleNameEndingWith("Decoder")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("tools.jackson.databind.."));
	}

	@Test
	void coreDoesNotKnowSpringBoot() {
		check(ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.context.annotation.."));
	}

	@Test
	void metersStandInClassesOfTheirOwn() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.doNotHaveSimpleName("ObservationFilter")
			.and()
			.doNotHaveSimpleName("ObservedCall")
			.and()
			.haveSimpleNameNotEndingWith("Meters")
			.and()
			.doNotHaveSimpleName("DurationBuckets")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.core..")
			.because("it is optional"));
		check(ArchRuleDefinition.noClasses()
			.that()
			.haveSimpleNameNotStartingWith("ContextPropagation")
			.and()
			.doNotHaveSimpleName("ThreadValues")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.micrometer.context..")
			.because("it is optional"));
	}

	@Test
	void databasesStandInRoomsOfTheirOwn() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("io.llmstream..jdbc..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
			.because("they are optional, and block"));
	}

	@Test
	void webStacksMeetInTheirLeavesOnly() {
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("io.llmstream.relay.servlet..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("jakarta.servlet..", "org.springframework.web.servlet.."));
		check(ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackages("io.llmstream.relay.reactive..", "io.llmstream.http..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.web.reactive.."));
	}

	@Test
	void roomsOpenOneWay() {
		check(Architectures.layeredArchitecture()
			.consideringOnlyDependenciesInLayers()
			.layer("hall")
			.definedBy("io.llmstream")
			.layer("json")
			.definedBy("io.llmstream.json..")
			.layer("wire")
			.definedBy("io.llmstream.wire..")
			.layer("provider")
			.definedBy("io.llmstream.provider..")
			.layer("http")
			.definedBy("io.llmstream.http..")
			.layer("engine")
			.definedBy("io.llmstream.engine..")
			.layer("resilience")
			.definedBy("io.llmstream.resilience..")
			.layer("route")
			.definedBy("io.llmstream.route..")
			.layer("schema")
			.definedBy("io.llmstream.schema..")
			.layer("structured")
			.definedBy("io.llmstream.structured..")
			.layer("service")
			.definedBy("io.llmstream.service..")
			.layer("tool")
			.definedBy("io.llmstream.tool..")
			.layer("observation")
			.definedBy("io.llmstream.observation..")
			.layer("usage")
			.definedBy("io.llmstream.usage..")
			.layer("conversation")
			.definedBy("io.llmstream.conversation..")
			.layer("relay")
			.definedBy("io.llmstream.relay..")
			.whereLayer("hall")
			.mayNotAccessAnyLayer()
			.whereLayer("json")
			.mayNotAccessAnyLayer()
			.whereLayer("wire")
			.mayNotAccessAnyLayer()
			.whereLayer("http")
			.mayNotAccessAnyLayer()
			.whereLayer("provider")
			.mayOnlyAccessLayers("hall", "wire", "json")
			.whereLayer("engine")
			.mayOnlyAccessLayers("hall", "wire", "json", "provider", "http")
			.whereLayer("resilience")
			.mayOnlyAccessLayers("hall")
			.whereLayer("route")
			.mayOnlyAccessLayers("hall")
			.whereLayer("schema")
			.mayNotAccessAnyLayer()
			.whereLayer("structured")
			.mayOnlyAccessLayers("hall", "schema")
			.whereLayer("service")
			.mayOnlyAccessLayers("hall")
			.whereLayer("tool")
			.mayOnlyAccessLayers("hall", "schema")
			.whereLayer("observation")
			.mayOnlyAccessLayers("hall")
			.whereLayer("usage")
			.mayOnlyAccessLayers("hall")
			.whereLayer("conversation")
			.mayOnlyAccessLayers("hall")
			.whereLayer("relay")
			.mayOnlyAccessLayers("hall", "json"));
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(classes);
	}

}
