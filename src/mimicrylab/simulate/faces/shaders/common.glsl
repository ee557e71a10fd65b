#version 330
const float PI = 3.14159265;
uniform vec3 eye;
uniform vec3 key_direction;
uniform vec3 key_colour;
uniform vec3 fill_direction;
uniform vec3 fill_colour;
uniform vec3 rim_direction;
uniform vec3 rim_colour;
uniform vec3 sky;
uniform vec3 ground;
uniform mat4 shadow_matrix;
uniform sampler2D shadow_map;
uniform float exposure;

float find_shadow(vec3 position, vec3 normal) {
    vec4 p = shadow_matrix * vec4(position + 0.02 * normal, 1.0);
    vec3 s = p.xyz * 0.5 + 0.5;
    float lit = 0.0;
    float spread = 1.0 / 110.0;
    for (int i = 0; i < 8; i++) {
        float a = float(i) * 2.39996;
        float r = sqrt((float(i) + 0.5) / 8.0) * spread;
        float depth = texture(shadow_map, s.xy + r * vec2(cos(a), sin(a))).r;
        lit += step(s.z - 0.004, depth);
    }
    return lit / 8.0;
}

vec3 light_ambient(vec3 n) { return mix(ground, sky, 0.5 + 0.5 * n.y); }

float reflect_gloss(vec3 n, vec3 l, vec3 v, float roughness) {
    vec3 h = normalize(l + v);
    float nl = max(dot(n, l), 0.0), nv = max(dot(n, v), 1e-3), nh = max(dot(n, h), 0.0);
    float a = roughness * roughness;
    float d = nh * nh * (a * a - 1.0) + 1.0;
    float spread = a * a / (PI * d * d);
    float k = a * 0.5;
    float g = 1.0 / ((nl * (1.0 - k) + k) * (nv * (1.0 - k) + k));
    float f = 0.028 + 0.972 * pow(1.0 - max(dot(h, v), 0.0), 5.0);
    return spread * g * f * nl * 0.25;
}

vec3 develop(vec3 c) {
    c *= exposure;
    c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
    return pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
}
