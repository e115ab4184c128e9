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

package io.llmstream.service;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiFunction;

import org.springframework.asm.AnnotationVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * Writes the class that implements a service. Each abstract method calls a function with
 * the method's key and its arguments, boxed in an array, and returns what that returns;
 * default methods are inherited, as are {@code equals} and {@code hashCode} from
 * {@link Object}. The annotations of this package stand on the class as on the interface,
 * for pointcuts that look for them on what implements a bean.
 *
 * <pre class="code">
 * class Support__LlmService implements Support {
 *
 * 	private final BiFunction calls;
 *
 * 	public Flux answer(String question, int words) {
 * 		return (Flux) this.calls.apply("answer(…)…", new Object[] { question, words });
 * 	}
 *
 * }
 * </pre>
 */
final class ServiceClassWriter {

	private static final String OBJECT = Type.getInternalName(Object.class);

	private static final String FUNCTION = Type.getInternalName(BiFunction.class);

	private static final String CALLS = "calls";

	private static final String FUNCTION_DESCRIPTOR = Type.getDescriptor(BiFunction.class);

	private static final String CONSTRUCTOR_DESCRIPTOR = "(" + FUNCTION_DESCRIPTOR + ")V";

	/**
	 * The most that a method needs: the function, the key, the array twice, an index, and
	 * a value, which may take two places.
	 */
	private static final int STACK = 7;

	/** Computes nothing: all that is written is known to fit. */
	private final ClassWriter out = new ClassWriter(0);

	private final String name;

	private ServiceClassWriter(Class<?> service) {
		this.name = Type.getInternalName(service) + ServiceClass.SUFFIX;
	}

	/**
	 * Write a class.
	 * @param service the interface
	 * @param methods what is to be implemented
	 * @return the class file
	 */
	static byte[] write(Class<?> service, Collection<Method> methods) {
		return new ServiceClassWriter(service).writeAll(service, methods);
	}

	private byte[] writeAll(Class<?> service, Collection<Method> methods) {
		int access = Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC
				| (Modifier.isPublic(service.getModifiers()) ? Opcodes.ACC_PUBLIC : 0);
		this.out.visit(Opcodes.V17, access, this.name, null, OBJECT, new String[] { Type.getInternalName(service) });
		copyAnnotations(service, this.out::visitAnnotation);
		this.out.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, CALLS, FUNCTION_DESCRIPTOR, null, null).visitEnd();
		constructor();
		Set<String> done = new HashSet<>();
		for (Method method : methods) {
			// several interfaces may declare the same
			if (done.add(method.getName() + Type.getMethodDescriptor(method))) {
				method(method);
			}
		}
		text("LlmService[" + service.getName() + "]");
		this.out.visitEnd();
		return this.out.toByteArray();
	}

	private void constructor() {
		MethodVisitor code = this.out.visitMethod(Opcodes.ACC_PUBLIC, "<init>", CONSTRUCTOR_DESCRIPTOR, null, null);
		code.visitCode();
		code.visitVarInsn(Opcodes.ALOAD, 0);
		code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
		code.visitVarInsn(Opcodes.ALOAD, 0);
		code.visitVarInsn(Opcodes.ALOAD, 1);
		code.visitFieldInsn(Opcodes.PUTFIELD, this.name, CALLS, FUNCTION_DESCRIPTOR);
		end(code, Type.VOID_TYPE, 2);
	}

	private void method(Method method) {
		Class<?>[] exceptions = method.getExceptionTypes();
		String[] thrown = new String[exceptions.length];
		for (int i = 0; i < thrown.length; i++) {
			thrown[i] = Type.getInternalName(exceptions[i]);
		}
		int access = Opcodes.ACC_PUBLIC | (method.isVarArgs() ? Opcodes.ACC_VARARGS : 0);
		String descriptor = Type.getMethodDescriptor(method);
		MethodVisitor code = this.out.visitMethod(access, method.getName(), descriptor, null, thrown);
		copyAnnotations(method, code::visitAnnotation);
		code.visitCode();
		code.visitVarInsn(Opcodes.ALOAD, 0);
		code.visitFieldInsn(Opcodes.GETFIELD, this.name, CALLS, FUNCTION_DESCRIPTOR);
		code.visitLdcInsn(ServiceClass.key(method, descriptor));
		int locals = arguments(method.getParameterTypes(), code);
		code.visitMethodInsn(Opcodes.INVOKEINTERFACE, FUNCTION, "apply",
				"(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;", true);
		result(method.getReturnType(), code);
		end(code, Type.getType(method.getReturnType()), locals);
	}

	/**
	 * Put the arguments into an array.
	 * @return how many places they take, with {@code this}
	 */
	private static int arguments(Class<?>[] types, MethodVisitor code) {
		code.visitIntInsn(Opcodes.SIPUSH, types.length);
		code.visitTypeInsn(Opcodes.ANEWARRAY, OBJECT);
		int local = 1;
		for (int i = 0; i < types.length; i++) {
			Type type = Type.getType(types[i]);
			code.visitInsn(Opcodes.DUP);
			code.visitIntInsn(Opcodes.SIPUSH, i);
			code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
			if (types[i].isPrimitive()) {
				Type box = box(types[i]);
				code.visitMethodInsn(Opcodes.INVOKESTATIC, box.getInternalName(), "valueOf",
						Type.getMethodDescriptor(box, type), false);
			}
			code.visitInsn(Opcodes.AASTORE);
			local += type.getSize();
		}
		return local;
	}

	private static void result(Class<?> type, MethodVisitor code) {
		if (type == void.class) {
			code.visitInsn(Opcodes.POP);
		}
		else if (type.isPrimitive()) {
			Type box = box(type);
			code.visitTypeInsn(Opcodes.CHECKCAST, box.getInternalName());
			code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, box.getInternalName(), type.getName() + "Value",
					Type.getMethodDescriptor(Type.getType(type)), false);
		}
		else if (type != Object.class) {
			code.visitTypeInsn(Opcodes.CHECKCAST, Type.getInternalName(type));
		}
	}

	private static Type box(Class<?> primitive) {
		return Type.getType(ClassUtils.resolvePrimitiveIfNecessary(primitive));
	}

	private void text(String text) {
		MethodVisitor code = this.out.visitMethod(Opcodes.ACC_PUBLIC, "toString", "()Ljava/lang/String;", null, null);
		code.visitCode();
		code.visitLdcInsn(text);
		end(code, Type.getType(String.class), 1);
	}

	private static void end(MethodVisitor code, Type result, int locals) {
		code.visitInsn(result.getOpcode(Opcodes.IRETURN));
		code.visitMaxs(STACK, locals);
		code.visitEnd();
	}

	private static void copyAnnotations(AnnotatedElement from, BiFunction<String, Boolean, AnnotationVisitor> to) {
		for (Annotation annotation : from.getDeclaredAnnotations()) {
			if (annotation instanceof UserPrompt prompt) {
				copy(annotation, to, "value", prompt.value());
			}
			else if (annotation instanceof SystemPrompt prompt) {
				copy(annotation, to, "value", prompt.value());
			}
			else if (annotation instanceof LlmService service) {
				copy(annotation, to, "client", service.client(), "model", service.model());
			}
			else if (annotation instanceof Tools tools) {
				copy(annotation, to, "value", tools.value(), "names", tools.names());
			}
		}
	}

	/**
	 * Copy an annotation.
	 * @param attributes the names and values of its attributes, by turns
	 */
	private static void copy(Annotation annotation, BiFunction<String, Boolean, AnnotationVisitor> to,
			Object... attributes) {
		AnnotationVisitor visitor = to.apply(Type.getDescriptor(annotation.annotationType()), true);
		for (int i = 0; i < attributes.length; i += 2) {
			String name = (String) attributes[i];
			if (attributes[i + 1] instanceof Object[] values) {
				AnnotationVisitor array = visitor.visitArray(name);
				for (Object value : values) {
					array.visit("", (value instanceof Class<?> type) ? Type.getType(type) : value);
				}
				array.visitEnd();
			}
			else {
				visitor.visit(name, attributes[i + 1]);
			}
		}
		visitor.visitEnd();
	}

}
