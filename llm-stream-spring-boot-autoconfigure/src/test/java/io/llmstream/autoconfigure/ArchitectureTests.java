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

package io.llmstream.autoconfigure;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;

/**
 * Tests for the house rules of auto-configuration.
 */
class ArchitectureTests {

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.llmstream.autoconfigure");

	@Test
	void autoConfigurationsArePublicAndFinal() {
		ArchRuleDefinition.classes()
			.that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.check(classes);
	}

	@Test
	void beanMethodsAreNotPublic() {
		ArchRuleDefinition.methods().that().areAnnotatedWith(Bean.class).should().notBePublic().check(classes);
	}

	@Test
	void conditionsOnClassesAreOnClasses() {
		ArchRuleDefinition.noMethods()
			.that()
			.areAnnotatedWith(Bean.class)
			.should()
			.beAnnotatedWith(ConditionalOnClass.class)
			.because("the JVM loads the return type before the condition is asked")
			.check(classes);
	}

	@Test
	void conditionsAndFailureAnalyzersAreNotPublic() {
		ArchRuleDefinition.noClasses()
			.that()
			.areAssignableTo(Condition.class)
			.or()
			.areAssignableTo(FailureAnalyzer.class)
			.should()
			.bePublic()
			.check(classes);
	}

	@Test
	void webStacksDoNotMeet() {
		DescribedPredicate<JavaClass> servlet = JavaClass.Predicates.resideInAnyPackage("jakarta.servlet..",
				"org.springframework.web.servlet..", "io.llmstream.relay.servlet..");
		DescribedPredicate<JavaClass> reactive = JavaClass.Predicates.resideInAnyPackage(
				"org.springframework.web.reactive.function.server..", "org.springframework.web.reactive.config..",
				"org.springframework.web.reactive.result..", "io.llmstream.relay.reactive..");
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("..autoconfigure.servlet..")
			.should()
			.dependOnClassesThat(servlet)
			.check(classes);
		ArchRuleDefinition.noClasses()
			.that()
			.resideOutsideOfPackage("..autoconfigure.reactive..")
			.should()
			.dependOnClassesThat(reactive)
			.check(classes);
	}

	@Test
	void onlyTheirOwnConfigurationsKnowTheHttpClientAndItsServer() {
		ArchRuleDefinition.noClasses()
			.that()
			.doNotHaveSimpleName("LlmStreamHttpAutoConfiguration")
			.and()
			.doNotHaveSimpleName("HttpConnections")
			.and()
			.doNotHaveSimpleName("ReactorNettyExchanges")
			.and()
			.doNotHaveSimpleName("ReactorNettyServerConfiguration")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor.netty..", "io.netty..", "org.springframework.web.reactive.function.client..")
			.because("everything else starts without it")
			.check(classes);
	}

}
