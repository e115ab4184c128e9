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

package io.llmstream.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import io.llmstream.ErrorKind;
import io.llmstream.FinishReason;
import io.llmstream.route.MidStreamPolicy;
import io.llmstream.test.ProviderExchange;
import io.llmstream.test.Script;
import org.jspecify.annotations.Nullable;

/**
 * Providers, a route and a reader, all made from one number.
 *
 * @param seed the number
 * @param answer what the providers say
 * @param reasoning how many pieces of reasoning come before the answer
 * @param targets the targets, in order
 * @param policy what happens to an answer that breaks off
 * @param maxRetries how often each target tries again
 * @param maxRecoveries how often the route restarts or continues
 * @param hedgeAfter when to start the next target as well, or {@code null} for never
 * @param demand how much the reader asks for at once, or 0 for all
 * @param cancelAfter after how many tokens the reader leaves, or -1 if it stays
 */
record RandomCase(long seed, KnownAnswer answer, int reasoning, List<Target> targets, MidStreamPolicy policy,
		int maxRetries, int maxRecoveries, @Nullable Duration hedgeAfter, int demand, int cancelAfter) {

	private static final List<String> WIRES = Loopback.wires().toList();

	static RandomCase of(long seed) {
		Random random = new Random(seed);
		int pieces = 1 + random.nextInt(15);
		List<String> text = IntStream.range(0, pieces).mapToObj((i) -> piece(random, i)).toList();
		List<Target> targets = new ArrayList<>();
		int count = 1 + random.nextInt(3);
		for (int i = 0; i < count; i++) {
			targets.add(target(random));
		}
		return new RandomCase(seed, new KnownAnswer(text), (random.nextInt(4) == 0) ? 1 + random.nextInt(3) : 0,
				targets, MidStreamPolicy.values()[random.nextInt(3)], random.nextInt(3), random.nextInt(4),
				(random.nextInt(4) == 0) ? Duration.ofMillis(1 + random.nextInt(60)) : null, random.nextInt(4),
				(random.nextInt(8) == 0) ? random.nextInt(pieces + 1) : -1);
	}

	private static String piece(Random random, int number) {
		String filling = List.of("", " ", "\n", " ÿ ", "☂", "👩‍💻", "-and-more", ". ").get(random.nextInt(8));
		String word = "w" + number + Integer.toString(random.nextInt(36 * 36), 36);
		return (random.nextBoolean()) ? word + filling : filling + word;
	}

	private static Target target(Random random) {
		List<Behaviour> behaviours = new ArrayList<>();
		int faults = random.nextInt(4);
		for (int i = 0; i < faults; i++) {
			behaviours.add(Behaviour.FAULTS.get(random.nextInt(Behaviour.FAULTS.size())));
		}
		behaviours.add(Behaviour.WELL);
		return new Target(WIRES.get(random.nextInt(WIRES.size())), random.nextBoolean(), random.nextInt(8), behaviours,
				random.nextInt(40), (random.nextInt(3) == 0) ? 1 + random.nextInt(30) : 0);
	}

	/**
	 * What a target answers.
	 * @param index which target
	 * @param before how many requests it had before
	 */
	Script script(int index, int before, ProviderExchange exchange) {
		Target target = this.targets.get(index);
		String said = this.answer.saidIn(exchange);
		List<String> rest = new ArrayList<>(this.answer.after(said));
		if (!KnownAnswer.isOwnMessageLast(exchange) && target.repeats() > 12 && said.length() >= target.repeats()) {
			rest.add(0, said.substring(said.length() - target.repeats()));
		}
		Script thoughts = Script.start();
		for (int i = 0; i < this.reasoning; i++) {
			thoughts = thoughts.reasoning("thought " + i + " ");
		}
		Script script = target.behaviour(before).script(thoughts, rest, target.faultAfter());
		return (target.split() > 0) ? script.splitEvery(target.split()) : script;
	}

	/**
	 * A target.
	 *
	 * @param wire how it speaks
	 * @param prefill whether it goes on with its own message
	 * @param faultAfter after how many pieces a fault in mid-stream comes
	 * @param behaviours what it does with one request after the other; the last one stays
	 * @param repeats how many characters it repeats when it is asked to go on
	 * @param split how many bytes a chunk has, or 0 for frames
	 */
	record Target(String wire, boolean prefill, int faultAfter, List<Behaviour> behaviours, int repeats, int split) {

		Behaviour behaviour(int before) {
			return this.behaviours.get(Math.min(before, this.behaviours.size() - 1));
		}

	}

	/**
	 * What a provider does with a request.
	 */
	enum Behaviour {

		WELL {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return all(thoughts, rest).usage(7, rest.size()).finish(FinishReason.STOP);
			}
		},

		NO_ANSWER {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return Script.noAnswer();
			}
		},

		RATE_LIMITED {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return Script.status(429).header("retry-after-ms", "30");
			}
		},

		BAD_GATEWAY {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return Script.status(502);
			}
		},

		BAD_REQUEST {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return Script.status(400);
			}
		},

		BAD_KEY {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return Script.status(401);
			}
		},

		ERROR_IN_BAND {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).inBandError(ErrorKind.OVERLOADED);
			}
		},

		CUT {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).cut();
			}
		},

		CUT_MID_FRAME {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).cutMidFrame();
			}
		},

		HANG_UP {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).hangUp();
			}
		},

		RESET {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).reset();
			}
		},

		RESET_MID_FRAME {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).resetMidFrame();
			}
		},

		MALFORMED {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).malformedJson();
			}
		},

		STALL {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return begin(thoughts, rest, faultAfter).stall();
			}
		},

		SLOW {
			@Override
			Script script(Script thoughts, List<String> rest, int faultAfter) {
				return WELL.script(thoughts, rest, faultAfter).firstTokenAfter(Duration.ofMillis(40)).everyMillis(5);
			}
		};

		static final List<Behaviour> FAULTS = List.of(values()).subList(1, values().length);

		abstract Script script(Script thoughts, List<String> rest, int faultAfter);

		private static Script all(Script thoughts, List<String> pieces) {
			return thoughts.andText(pieces.toArray(String[]::new));
		}

		private static Script begin(Script thoughts, List<String> rest, int pieces) {
			return (pieces == 0) ? Script.start().opening()
					: all(thoughts, rest.subList(0, Math.min(pieces, rest.size())));
		}

	}

}
